/** What stands for an AWS account in the local run: no call with these ever leaves the machine. */
export const region = 'eu-west-1';

export const accountId = '000000000000';

export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** The partner event sources of the stage `local`, as serverless.yml names them. */
export const partnerSources = [
  'aws.partner/shopify.com/local/bridge',
  'aws.partner/stripe.com/ed_local',
  'aws.partner/commercetools.com/local/bridge',
];

/** The name of the CloudFormation stack of the stage `local`, which begins the names of its resources. */
export const stackName = 'conversations-bridge-local';
