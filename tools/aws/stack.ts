/** The AWS services of the template: tables, queues, buses and rules, each on a port of its own. */
import { join } from 'node:path';
import { type OnEvent, startBus } from './bus.ts';
import { createTables, startDynamoDb } from './dynamodb.ts';
import { type FunctionResource, type Mapping, startPoller } from './lambda.ts';
import type { Log } from './listen.ts';
import { createQueues, inTurn, type Queue, restoreMessages, saveMessages, startQueues } from './queues.ts';
import { readResources } from './resources.ts';
import type { Template } from './template.ts';

export interface StackOptions {
  template: Template;
  /** Names what the template leaves unnamed, as CloudFormation does. */
  stackName: string;
  /** 0 takes any free port. */
  ports: { bus: number; dynamoDb: number; queues: number };
  /** An existing directory where tables and waiting messages outlive the stack, even if it is killed; without it they end with it. */
  directory?: string;
  /** What the functions find in Systems Manager under the name in their SECRETS_PARAMETER. */
  secrets: string;
  log?: Log;
  now?: () => Date;
  onEvent?: OnEvent;
}

export interface Stack {
  urls: { bus: string; dynamoDb: string; queues: string };
  buses: string[];
  queues: Queue[];
  functions: FunctionResource[];
  mappings: Mapping[];
  /** Begins to feed the functions from their queues, through Lambda's Invoke API at this address. */
  startPolling: (lambdaUrl: string) => { close: () => Promise<void> };
  close: () => Promise<void>;
}

/**
 * Starts the servers and creates in them what the template declares.
 *
 * @throws Error naming the resource that the local run does not support, or with code EADDRINUSE for a taken port
 */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const { template, stackName, ports, directory, secrets, log = () => {}, now = () => new Date() } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };

  try {
    let save = async () => {};
    const sqs = await startQueues({ port: ports.queues, onChange: () => save() });
    closers.push(sqs.close);
    const dynamoDb = await startDynamoDb({
      port: ports.dynamoDb,
      directory: directory && join(directory, 'dynamodb'),
    });
    closers.push(dynamoDb.close);
    const resources = readResources(template, { stackName, queuesUrl: sqs.url });
    const { buses, functions, policies, queues, rules, tables } = resources;
    await createTables(dynamoDb.url, tables);
    await createQueues(sqs.url, queues);
    if (directory !== undefined) {
      const file = join(directory, 'queues.json');
      await restoreMessages(sqs.url, queues, file);
      save = inTurn(() => saveMessages(sqs.url, queues, file));
      closers.push(save);
    }
    const parameterNames = functions.flatMap(({ environment }) => environment.SECRETS_PARAMETER ?? []);
    const bus = await startBus({
      port: ports.bus,
      buses,
      rules,
      policies,
      queuesUrl: sqs.url,
      parameters: Object.fromEntries(parameterNames.map((name) => [name, secrets])),
      log,
      now,
      onEvent: options.onEvent,
    });
    closers.push(bus.close);
    return {
      ...resources,
      urls: { bus: bus.url, dynamoDb: dynamoDb.url, queues: sqs.url },
      startPolling: (lambdaUrl) => {
        const pollers = resources.mappings.map((mapping) =>
          startPoller(mapping, { queuesUrl: sqs.url, lambdaUrl, log }),
        );
        return { close: async () => void (await Promise.all(pollers.map((poller) => poller.close()))) };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
