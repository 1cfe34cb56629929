/** The account that is looked at: AWS's own, or what stands for it in the local run. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { awsClientSettings } from '../../lib/runtime/aws-client.ts';
import { credentials, region as localRegion } from '../aws/account.ts';
import type { Ports } from '../local/ports.ts';
import type { readOptions } from './options.ts';

const service = 'conversations-bridge';

/** Where the local run serves what AWS would; undefined leaves it to AWS. */
export type Endpoints = { bus: string; dynamoDb: string; queues: string } | undefined;

export const endpointsOn = ({ bus, dynamoDb, queues }: Ports): Endpoints => {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return { bus: at(bus), dynamoDb: at(dynamoDb), queues: at(queues) };
};

/** Opens no connection before the first call. Credentials are those that the SDK finds by itself, but for the local run. */
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
