/**
 * Resolves CloudFormation's intrinsic functions to what exists locally. What is not known here is refused by name
 * rather than guessed.
 */
import * as z from 'zod/mini';
import { accountId, region } from './account.ts';
import type { Resource, Template } from './template.ts';

export interface Resolver {
  /** Replaces every intrinsic function in the value, however deep it lies. */
  resolve: (value: unknown) => unknown;
  /** The resource's name: its own if it has one, otherwise `<stack>-<logical id>`. */
  nameOf: (logicalId: string) => string;
  arnOf: (logicalId: string) => string;
}

const nameProperties: Record<string, string> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::SQS::Queue': 'QueueName',
};

/** @param queuesUrl where the queues are served, since CloudFormation's `Ref` to a queue is its URL */
export const createResolver = (
  template: Template,
  { stackName, queuesUrl }: { stackName: string; queuesUrl: string },
): Resolver => {
  const pseudoParameters: Record<string, string> = {
    'AWS::AccountId': accountId,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };

  const resourceOf = (logicalId: string): Resource => {
    const resource = template.Resources[logicalId];
    if (!resource) throw new Error(`the template refers to ${logicalId}, which it does not define`);
    return resource;
  };

  const text = (value: unknown): string => {
    const resolved = resolve(value);
    if (typeof resolved === 'string') return resolved;
    if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
    throw new Error(`the template has ${JSON.stringify(value)} where a text is needed`);
  };

  const nameOf = (logicalId: string): string => {
    const { Type, Properties } = resourceOf(logicalId);
    const given = Properties[nameProperties[Type] ?? ''];
    if (given !== undefined) return text(given);
    return `${stackName}-${logicalId}${Properties.FifoQueue === true ? '.fifo' : ''}`;
  };

  const arnOf = (logicalId: string): string => {
    const { Type, Properties } = resourceOf(logicalId);
    const arn = (service: string, resource: string) =>
      `arn:aws:${service}:${region}:${accountId}:${resource}`;
    switch (Type) {
      case 'AWS::DynamoDB::Table':
        return arn('dynamodb', `table/${nameOf(logicalId)}`);
      case 'AWS::Events::EventBus':
        return arn('events', `event-bus/${nameOf(logicalId)}`);
      case 'AWS::Events::Rule': {
        const bus = Properties.EventBusName;
        return arn('events', `rule/${bus === undefined ? '' : `${text(bus)}/`}${nameOf(logicalId)}`);
      }
      case 'AWS::Lambda::Function':
        return arn('lambda', `function:${nameOf(logicalId)}`);
      case 'AWS::SQS::Queue':
        return arn('sqs', nameOf(logicalId));
      default:
        throw new Error(`the local run knows no ARN of a ${Type} (${logicalId})`);
    }
  };

  const refTo = (name: string): string => {
    const pseudo = pseudoParameters[name];
    if (pseudo !== undefined) return pseudo;
    const { Type } = resourceOf(name);
    if (Type === 'AWS::SQS::Queue') return `${queuesUrl}/${accountId}/${nameOf(name)}`;
    if (nameProperties[Type] && Type !== 'AWS::Events::Rule') return nameOf(name);
    throw new Error(`the local run knows no Ref to a ${Type} (${name})`);
  };

  const attributeOf = (logicalId: string, attribute: string): string => {
    if (attribute === 'Arn') return arnOf(logicalId);
    if (attribute === nameProperties[resourceOf(logicalId).Type]) return nameOf(logicalId);
    if (attribute === 'QueueUrl') return refTo(logicalId);
    throw new Error(`the local run knows no attribute ${attribute} of ${logicalId}`);
  };

  const substitute = (pattern: string, values: Record<string, unknown>): string =>
    pattern.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (name in values) return text(values[name]);
      const [logicalId = '', ...attribute] = name.split('.');
      return attribute.length > 0 ? attributeOf(logicalId, attribute.join('.')) : refTo(name);
    });

  const intrinsic = (name: string, argument: unknown): unknown => {
    switch (name) {
      case 'Ref':
        return argument === 'AWS::NoValue' ? undefined : refTo(z.string().parse(argument));
      case 'Fn::GetAtt': {
        const [logicalId, attribute] =
          typeof argument === 'string'
            ? z.tuple([z.string(), z.string()]).parse(argument.split(/\.(.*)/s, 2))
            : z.tuple([z.string(), z.string()]).parse(argument);
        return attributeOf(logicalId, attribute);
      }
      case 'Fn::Join': {
        const [separator, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(argument);
        return parts.map(text).join(separator);
      }
      case 'Fn::Sub': {
        if (typeof argument === 'string') return substitute(argument, {});
        return substitute(...z.tuple([z.string(), z.record(z.string(), z.unknown())]).parse(argument));
      }
      default:
        throw new Error(`the local run does not resolve ${name} (found with ${JSON.stringify(argument)})`);
    }
  };

  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [first] = entries;
    if (first && entries.length === 1 && (first[0] === 'Ref' || first[0].startsWith('Fn::')))
      return intrinsic(...first);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, resolve(item)]).filter(([, item]) => item !== undefined),
    );
  };

  return { resolve, nameOf, arnOf };
};
