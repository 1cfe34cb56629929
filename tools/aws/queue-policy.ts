/**
 * Whether a queue takes messages from a rule. In AWS a queue without such a policy silently receives nothing, so
 * it must receive nothing here either.
 */
import * as z from 'zod/mini';

const oneOrMore = <T>(item: z.ZodMiniType<T>) =>
  z.pipe(
    z.union([item, z.array(item)]),
    z.transform((value: T | T[]): T[] => (Array.isArray(value) ? value : [value])),
  );

const source = z.optional(z.strictObject({ 'aws:SourceArn': oneOrMore(z.string()) }));

const conditionSchema = z.strictObject({
  ArnEquals: source,
  ArnLike: source,
  StringEquals: source,
  StringLike: source,
  Bool: z.optional(z.strictObject({ 'aws:SecureTransport': z.enum(['true', 'false']) })),
});

const statementSchema = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.object({ Service: z.optional(oneOrMore(z.string())) })]),
  Action: oneOrMore(z.string()),
  Resource: oneOrMore(z.string()),
  Condition: z.optional(conditionSchema),
});

/** AWS::SQS::QueuePolicy; conditions other than these are not known here. */
export const queuePolicySchema = z.object({
  Queues: z.array(z.string()),
  PolicyDocument: z.object({ Statement: oneOrMore(statementSchema) }),
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

const applies = (
  { Principal, Action, Resource, Condition: { Bool, ...sources } = {} }: Statement,
  queueArn: string,
  ruleArn: string,
): boolean =>
  (Principal === '*' || (Principal.Service ?? []).includes('events.amazonaws.com')) &&
  Action.some((action) => ['*', 'sqs:*', 'sqs:sendmessage'].includes(action.toLowerCase())) &&
  Resource.some((resource) => like(resource, queueArn)) &&
  // EventBridge in AWS sends over TLS.
  Bool?.['aws:SecureTransport'] !== 'false' &&
  Object.values(sources).every(
    (condition) => condition === undefined || condition['aws:SourceArn'].some((arn) => like(arn, ruleArn)),
  );

const like = (pattern: string, value: string): boolean => {
  const source = pattern.replaceAll(/[\\^$.+?()[\]{}|/-]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(value);
};
