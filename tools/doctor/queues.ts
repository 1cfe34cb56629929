/** Whether the queues are there, and nothing that failed lies in them. */
import { GetQueueAttributesCommand, paginateListQueues } from '@aws-sdk/client-sqs';
import type { Account } from './account.ts';
import { awsFailure } from './aws-failure.ts';
import type { Finding } from './finding.ts';
import { logicalIdOf } from './physical-name.ts';

export const checkQueues = async (account: Account): Promise<Finding[]> => {
  const { sqs: client, stackName } = account;
  try {
    const findings: Finding[] = [];
    for await (const { QueueUrls = [] } of paginateListQueues({ client }, { QueueNamePrefix: stackName }))
      for (const url of QueueUrls) {
        const queue = logicalIdOf(url.split('/').at(-1) ?? '', stackName);
        if (queue !== undefined) findings.push(await checkQueue(account, queue, url));
      }
    if (findings.length > 0) return findings;
    return [{ grade: 'failure', what: 'there are no queues', advice: 'deploy again: npx serverless deploy' }];
  } catch (error) {
    return [awsFailure(error, 'sqs:ListQueues and GetQueueAttributes', account)];
  }
};

const checkQueue = async ({ sqs }: Account, queue: string, QueueUrl: string): Promise<Finding> => {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'RedrivePolicy'],
    }),
  );
  const { ApproximateNumberOfMessages: count = '0', RedrivePolicy } = Attributes;
  // One that passes nothing on is where the others, or the functions, put what failed.
  const isForFailures = RedrivePolicy === undefined;
  if (!isForFailures || count === '0') return { grade: 'ok', what: `${queue} is there, ${count} wait in it` };
  return {
    grade: 'warning',
    what: `${queue} holds ${count} of what failed`,
    advice:
      'read them: each says why in an attribute or in its body; send again what is still true, and delete them',
  };
};
