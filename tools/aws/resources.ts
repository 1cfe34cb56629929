/** What the template declares and the local run provides, with every reference resolved. */
import * as z from 'zod/mini';
import { tableSchema } from './dynamodb.ts';
import { createMapping, functionSchema, mappingSchema } from './lambda.ts';
import { queuePolicySchema } from './queue-policy.ts';
import { queueSchema } from './queues.ts';
import { createRule, ruleSchema } from './rules.ts';
import { createResolver, type Template } from './template.ts';
import '../../lib/runtime/parse.ts';

/** AWS::Events::EventBus */
const busSchema = z.strictObject({ Name: z.string(), EventSourceName: z.optional(z.string()) }).check(
  z.refine(({ Name, EventSourceName = Name }) => EventSourceName === Name, {
    error: 'has to be the name of the bus',
    path: ['EventSourceName'],
  }),
);

/** Properties that change nothing locally. */
const withoutEffect = [
  'BillingMode',
  'DeletionProtectionEnabled',
  'Description',
  'PointInTimeRecoverySpecification',
  'SSESpecification',
  'Tags',
  'TimeToLiveSpecification',
];

/**
 * @param options.stackName names what the template leaves unnamed
 * @param options.queuesUrl where the queues are served
 * @throws Error naming the resource, and the property, that the local run does not support
 */
export const readResources = (template: Template, options: { stackName: string; queuesUrl: string }) => {
  const resolver = createResolver(template, options);

  /**
   * The resources of one type. References are resolved in the properties that the schema knows; others may refer to what
   * does not exist locally, such as the deployment bucket.
   */
  const all = <Shape extends z.core.$ZodShape>(
    type: string,
    schema: z.ZodMiniObject<Shape, z.core.$ZodObjectConfig>,
  ) =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === type)
      .map(([logicalId, { Properties }]) => {
        const properties = Object.entries(Properties)
          .filter(([name]) => !withoutEffect.includes(name))
          .map(([name, value]) => [name, name in schema.shape ? resolver.resolve(value) : value]);
        const parsed = schema.safeParse(Object.fromEntries(properties));
        if (parsed.success) return { logicalId, name: resolver.nameOf(logicalId), properties: parsed.data };
        throw new Error(
          `the local run does not support ${logicalId} (${type}):\n${z.prettifyError(parsed.error)}`,
        );
      });
  const withArn = <R extends { logicalId: string }>(resource: R) => ({
    ...resource,
    arn: resolver.arnOf(resource.logicalId),
  });

  const queues = all('AWS::SQS::Queue', queueSchema)
    .map(withArn)
    .map((queue) => ({ ...queue, url: z.string().parse(resolver.resolve({ Ref: queue.logicalId })) }));
  const functions = all('AWS::Lambda::Function', functionSchema)
    .map(withArn)
    .map(({ name, arn, properties }) => ({
      name,
      arn,
      timeoutSeconds: properties.Timeout,
      environment: properties.Environment.Variables,
    }));
  return {
    queues,
    functions,
    tables: all('AWS::DynamoDB::Table', tableSchema),
    buses: all('AWS::Events::EventBus', busSchema).map(({ name }) => name),
    rules: all('AWS::Events::Rule', ruleSchema)
      .map(withArn)
      .map((rule) => createRule(rule, queues))
      .filter((rule) => rule !== undefined),
    policies: all('AWS::SQS::QueuePolicy', queuePolicySchema).map(({ properties }) => properties),
    mappings: all('AWS::Lambda::EventSourceMapping', mappingSchema).map(({ properties }) =>
      createMapping(properties, { queues, functions }),
    ),
  };
};
