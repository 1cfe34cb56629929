import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  paginateListStackResources,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreatePartnerEventSourceCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { partnerSources } from '../../tools/aws/account.ts';
import { startEmulatedAws } from '../support/emulated-aws.ts';
import { isInstalled } from '../support/is-installed.ts';
import { packagedTemplate, type Template } from './template.ts';

/** Of what moto's CloudFormation makes nothing, and says so in its log. */
const unknownToMoto =
  /^AWS::(ApiGatewayV2|CloudWatch|S3::BucketPolicy|Lambda::EventInvokeConfig|SQS::QueuePolicy|Scheduler::Schedule|SNS::(TopicPolicy|Subscription))/;

/** To moto, the name of a bus ends at a slash. */
const withoutSlash = (source: string): string => source.replaceAll('/', '_');

/** Two more of its faults: a `Ref` to a bus is an object to it, and it takes no attribute of what it does not know. */
const fitForMoto = ({ Resources: { Dashboard: _, ...Resources }, ...rest }: Template): string =>
  partnerSources
    .reduce(
      (text, source) => text.replaceAll(`"${source}"`, `"${withoutSlash(source)}"`),
      JSON.stringify({ ...rest, Resources }),
    )
    .replaceAll(/\{"Ref":"(\w*Bus)"\}/g, '{"Fn::GetAtt":["$1","Name"]}');

const countByType = (types: string[]): Record<string, number> =>
  Object.fromEntries(types.toSorted().map((type) => [type, types.filter((one) => one === type).length]));

test.skipIf(!isInstalled('moto_server'))(
  'an emulated AWS creates the stack, changes it, rolls back and removes it (skipped where moto_server is not installed)',
  async () => {
    const template = await packagedTemplate();
    const connection = {
      endpoint: await startEmulatedAws(),
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const client = new CloudFormationClient(connection);
    // As in AWS, the bus of a partner cannot be made before the partner's source.
    const events = new EventBridgeClient(connection);
    for (const Name of partnerSources.map(withoutSlash))
      await events.send(new CreatePartnerEventSourceCommand({ Name, Account: '123456789012' }));
    const StackName = 'conversations-bridge-test';
    await client.send(
      new CreateStackCommand({
        StackName,
        TemplateBody: fitForMoto(template),
        Capabilities: ['CAPABILITY_IAM'],
      }),
    );
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    expect(stack?.StackStatus).toBe('CREATE_COMPLETE');

    const created: string[] = [];
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName }))
      created.push(...StackResourceSummaries.map(({ ResourceType }) => ResourceType || 'unknown to moto'));
    const { Dashboard: _, ...resources } = template.Resources;
    const wanted = Object.values(resources).map(({ Type }) => Type);
    expect(countByType(created)).toEqual(
      countByType(wanted.map((type) => (unknownToMoto.test(type) ? 'unknown to moto' : type))),
    );

    const outputs = Object.fromEntries(
      (stack?.Outputs ?? []).map((each) => [each.OutputKey, each.OutputValue]),
    );
    const { Table } = await new DynamoDBClient(connection).send(
      new DescribeTableCommand({ TableName: outputs.TableName }),
    );
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual(['queue', 'visitor']);
    const { Attributes } = await new SQSClient(connection).send(
      new GetQueueAttributesCommand({ QueueUrl: outputs.DeadLetterQueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      QueueArn: outputs.DeadLetterQueueArn,
      MessageRetentionPeriod: '1209600',
    });

    const seconds = async (): Promise<string | undefined> => {
      const { Attributes } = await new SQSClient(connection).send(
        new GetQueueAttributesCommand({
          QueueUrl: outputs.EventQueueArn?.split(':').at(-1),
          AttributeNames: ['VisibilityTimeout'],
        }),
      );
      return Attributes?.VisibilityTimeout;
    };
    const changed = structuredClone(template);
    const queue = changed.Resources.EventQueue;
    if (queue !== undefined) queue.Properties.VisibilityTimeout = 720;
    for (const [next, expected] of [
      [changed, '720'],
      [template, '360'],
    ] as const) {
      await client.send(
        new UpdateStackCommand({
          StackName,
          TemplateBody: fitForMoto(next),
          Capabilities: ['CAPABILITY_IAM'],
        }),
      );
      expect(await seconds()).toBe(expected);
    }
    await client.send(new DeleteStackCommand({ StackName }));
    await expect(client.send(new DescribeStacksCommand({ StackName }))).rejects.toThrow('does not exist');
  },
  120_000,
);
