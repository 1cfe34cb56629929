/** What stands for an AWS account in the local run: no call with these ever leaves the machine. */
export const region = 'eu-west-1';

export const accountId = '000000000000';

export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** The name of the CloudFormation stack of the stage `local`, which begins the names of its resources. */
export const stackName = 'conversations-bridge-local';
