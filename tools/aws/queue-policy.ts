/**
 * Whether a queue takes messages from a rule. In AWS a queue without such a policy silently receives nothing, so
 * it must receive nothing here either.
 */
import * as z from 'zod/mini';

const arn = z.string().check(z.regex(/^[^*?]+$/, { error: 'the local run does not support wildcards' }));

const arns = z.pipe(
  z.union([arn, z.array(arn)]),
  z.transform((one): string[] => [one].flat()),
);

const statementSchema = z.strictObject({
  Sid: z.optional(z.string()),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.strictObject({ Service: z.string() })]),
  Action: z.enum(['sqs:SendMessage', 'sqs:*']),
  Resource: arns,
  Condition: z.optional(
    z.strictObject({
      ArnEquals: z.optional(z.strictObject({ 'aws:SourceArn': arns })),
      Bool: z.optional(z.strictObject({ 'aws:SecureTransport': z.enum(['true', 'false']) })),
    }),
  ),
});

/** AWS::SQS::QueuePolicy */
export const queuePolicySchema = z.strictObject({
  Queues: z.array(z.string()),
  PolicyDocument: z.object({ Statement: z.array(statementSchema) }),
});

export type QueuePolicy = z.infer<typeof queuePolicySchema>;
type Statement = z.infer<typeof statementSchema>;

/** Whether the policies let EventBridge send to the queue on behalf of the rule: allowed, and not denied. */
export const ruleMaySend = (
  policies: QueuePolicy[],
  { queue, ruleArn }: { queue: { arn: string; url: string }; ruleArn: string },
): boolean => {
  const effects = policies
    .filter(({ Queues }) => Queues.includes(queue.url))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter((statement) => applies(statement, queue.arn, ruleArn))
    .map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
};

const applies = ({ Principal, Resource, Condition }: Statement, queueArn: string, ruleArn: string): boolean =>
  (Principal === '*' || Principal.Service === 'events.amazonaws.com') &&
  Resource.includes(queueArn) &&
  (Condition?.ArnEquals?.['aws:SourceArn'].includes(ruleArn) ?? true) &&
  // EventBridge in AWS sends over TLS.
  Condition?.Bool?.['aws:SecureTransport'] !== 'false';
