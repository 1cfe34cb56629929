/** The CloudFormation template that `serverless package` writes: all that the local run provides comes from it. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { accountId, region } from './account.ts';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z._default(z.record(z.string(), z.unknown()), {}),
});

const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });

export type Template = z.infer<typeof templateSchema>;

/** @throws Error when the file is missing or holds no CloudFormation template */
export const readTemplate = async (file: string): Promise<Template> =>
  parseTemplate(JSON.parse(await readFile(file, 'utf8')));

/** @throws ZodError when the value is no CloudFormation template */
export const parseTemplate = (value: unknown): Template => templateSchema.parse(value);

export interface Resolver {
  /**
   * Replaces every intrinsic function in the value, however deep it lies.
   *
   * @throws Error naming the function, and the resource that it is about, when the local run does not support it
   */
  resolve: (value: unknown) => unknown;
  /** The resource's name: its own if it has one, otherwise `<stack>-<logical id>`. */
  nameOf: (logicalId: string) => string;
  arnOf: (logicalId: string) => string;
}

const nameProperties: Record<string, string> = {
  'AWS::Events::EventBus': 'Name',
  'AWS::Lambda::Function': 'FunctionName',
};

/**
 * Resolves CloudFormation's intrinsic functions to what exists locally: `Ref`, and `Fn::GetAtt` of an ARN.
 * @param queuesUrl where the queues are served, since `Ref` of a queue is its URL
 */
export const createResolver = (
  template: Template,
  { stackName, queuesUrl }: { stackName: string; queuesUrl: string },
): Resolver => {
  const resourceOf = (logicalId: string) => {
    const resource = template.Resources[logicalId];
    if (resource) return resource;
    throw new Error(`the template refers to ${logicalId}, which it does not define`);
  };

  const nameOf = (logicalId: string): string => {
    const { Type, Properties } = resourceOf(logicalId);
    const given = Properties[nameProperties[Type] ?? ''];
    return given === undefined ? `${stackName}-${logicalId}` : z.string().parse(given);
  };

  const refTo = (logicalId: string): string => {
    const { Type } = resourceOf(logicalId);
    switch (Type) {
      case 'AWS::SQS::Queue':
        return `${queuesUrl}/${accountId}/${nameOf(logicalId)}`;
      case 'AWS::DynamoDB::Table':
      case 'AWS::Events::EventBus':
        return nameOf(logicalId);
      default:
        throw new Error(`the local run does not support Ref of ${logicalId} (${Type})`);
    }
  };

  const arnOf = (logicalId: string): string => {
    const { Type, Properties } = resourceOf(logicalId);
    const arn = (service: string, resource: string) =>
      `arn:aws:${service}:${region}:${accountId}:${resource}`;
    switch (Type) {
      case 'AWS::Events::Rule': {
        const bus = Properties.EventBusName;
        return arn('events', `rule/${bus === undefined ? '' : `${resolve(bus)}/`}${nameOf(logicalId)}`);
      }
      case 'AWS::Lambda::Function':
        return arn('lambda', `function:${nameOf(logicalId)}`);
      case 'AWS::SQS::Queue':
        return arn('sqs', nameOf(logicalId));
      default:
        throw new Error(`the local run does not support the ARN of ${logicalId} (${Type})`);
    }
  };

  const intrinsic = (name: string, argument: unknown): string => {
    if (name === 'Ref') return refTo(z.string().parse(argument));
    const arn = z.tuple([z.string(), z.literal('Arn')]).safeParse(argument);
    if (name === 'Fn::GetAtt' && arn.success) return arnOf(arn.data[0]);
    throw new Error(`the local run does not support ${name} ${JSON.stringify(argument)}`);
  };

  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [first] = entries;
    if (first && entries.length === 1 && /^(Ref|Fn::.*)$/.test(first[0])) return intrinsic(...first);
    return Object.fromEntries(entries.map(([key, item]) => [key, resolve(item)]));
  };

  return { resolve, nameOf, arnOf };
};
