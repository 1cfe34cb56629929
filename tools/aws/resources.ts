/** What the template declares and the local run provides, with every reference resolved. */
import * as z from 'zod/mini';
import { tableSchema } from './dynamodb.ts';
import { functionSchema } from './functions.ts';
import { createResolver, type Resolver } from './intrinsics.ts';
import { createMapping, mappingSchema } from './mapping.ts';
import { queuePolicySchema } from './queue-policy.ts';
import { queueSchema } from './queues.ts';
import { createRule, ruleSchema } from './rules.ts';
import type { Template } from './template.ts';

/**
 * @param options.stackName names what the template leaves unnamed
 * @param options.queuesUrl where the queues are served
 * @throws Error naming the resource that the local run cannot provide
 */
export const readResources = (template: Template, options: { stackName: string; queuesUrl: string }) => {
  const resolver = createResolver(template, options);
  const all = <Shape extends z.core.$ZodShape>(
    type: string,
    schema: z.ZodMiniObject<Shape, z.core.$ZodObjectConfig>,
  ) =>
    resourcesOf({ template, resolver }, type, schema).map(({ logicalId, properties }) => ({
      logicalId,
      properties,
      name: resolver.nameOf(logicalId),
    }));
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
    buses: all('AWS::Events::EventBus', z.object({})).map(({ name }) => name),
    rules: all('AWS::Events::Rule', ruleSchema)
      .map(withArn)
      .map((rule) => createRule(rule, queues))
      .filter((rule) => rule !== undefined),
    policies: all('AWS::SQS::QueuePolicy', queuePolicySchema).map(({ properties }) => properties),
    mappings: all('AWS::Lambda::EventSourceMapping', mappingSchema)
      .map(({ properties }) => createMapping(properties, { queues, functions }))
      .filter((mapping) => mapping !== undefined),
  };
};

/**
 * The template's resources of one type. References are resolved in the properties that the schema knows; others may
 * refer to what does not exist locally, such as the deployment bucket.
 *
 * @throws Error naming the resource and the property that the local run cannot honour
 */
const resourcesOf = <Shape extends z.core.$ZodShape>(
  { template, resolver }: { template: Template; resolver: Resolver },
  type: string,
  schema: z.ZodMiniObject<Shape, z.core.$ZodObjectConfig>,
): { logicalId: string; properties: z.output<typeof schema> }[] =>
  Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([logicalId, { Properties }]) => {
      const properties = Object.entries(Properties).map(([name, value]) => [
        name,
        name in schema.shape ? resolver.resolve(value) : value,
      ]);
      const parsed = schema.safeParse(Object.fromEntries(properties));
      if (parsed.success) return { logicalId, properties: parsed.data };
      throw new Error(
        `the local run cannot provide ${logicalId} (${type}):\n${z.prettifyError(parsed.error)}`,
      );
    });
