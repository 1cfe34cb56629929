/** The account to examine, as the command line names it: one of AWS, or what stands for it in the local run. */
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod/mini';
import { awsClientSettings } from '../../lib/runtime/aws-client.ts';
import { parse } from '../../lib/runtime/parse.ts';
import { credentials, region as localRegion } from '../aws/account.ts';
import type { Ports } from '../local/ports.ts';

const matching = (pattern: RegExp, error: string) => z.string().check(z.regex(pattern, { error }));

const options = z
  .object({
    // The defaults of serverless.yml.
    stage: z._default(matching(/^[A-Za-z0-9-]+$/, 'expected a stage such as prod'), 'dev'),
    region: z._default(matching(/^[a-z0-9-]+$/, 'expected a region'), 'eu-west-1'),
    local: z._default(z.boolean(), false),
    'ping-agents': z._default(z.boolean(), false),
  })
  .check(
    z.refine(({ local, stage }) => !local || ['dev', 'local'].includes(stage), {
      error: 'cannot be given with --local',
      path: ['stage'],
    }),
  );

/**
 * Reads the command line.
 * @throws {InvalidInput} naming every option at fault; {TypeError} for an unknown one
 */
export const readOptions = (args: string[]) => {
  const { values } = parseArgs({
    args,
    options: {
      stage: { type: 'string' },
      region: { type: 'string' },
      local: { type: 'boolean' },
      'ping-agents': { type: 'boolean' },
    },
  });
  const { local, stage, region, 'ping-agents': pingsAgents } = parse(options, values, 'The command line');
  const isLocal = local || stage === 'local';
  return { stage: isLocal ? 'local' : stage, region, isLocal, pingsAgents };
};

const service = 'conversations-bridge';

/** Where the local run serves what AWS would; undefined leaves it to AWS. */
type Endpoints = Record<'bus' | 'dynamoDb' | 'queues', string> | undefined;

export const endpointsOn = ({ bus, dynamoDb, queues }: Ports): Endpoints => {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return { bus: at(bus), dynamoDb: at(dynamoDb), queues: at(queues) };
};

/** Opens no connection before the first call. In AWS, the SDK finds the credentials by itself. */
export const connectAccount = ({
  stage,
  region,
  isLocal,
  endpoints,
}: Pick<ReturnType<typeof readOptions>, 'stage' | 'region' | 'isLocal'> & { endpoints: Endpoints }) => {
  const settings = isLocal
    ? { ...awsClientSettings, region: localRegion, credentials }
    : { ...awsClientSettings, region };
  const at = (endpoint: string | undefined) =>
    endpoint === undefined ? settings : { ...settings, endpoint };
  return {
    isLocal,
    region,
    stackName: `${service}-${stage}`,
    parameterName: `/${service}/${stage}/secrets`,
    ssm: new SSMClient(at(endpoints?.bus)),
    eventBridge: new EventBridgeClient(at(endpoints?.bus)),
    dynamoDb: new DynamoDBClient(at(endpoints?.dynamoDb)),
    sqs: new SQSClient(at(endpoints?.queues)),
  };
};

export type Account = ReturnType<typeof connectAccount>;
