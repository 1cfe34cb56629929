import { parseTemplate, type Template } from '../../../tools/aws/template.ts';

const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** A bus whose rule feeds a queue that a function reads, as `serverless package` writes it; parts can be replaced. */
export const smallTemplate = (changes: Record<string, object | undefined> = {}): Template => {
  const resources: Record<string, object | undefined> = {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { source: [{ 'anything-but': ['bridge'] }] },
        Targets: [{ Id: 'q', Arn: arn('Queue'), DeadLetterConfig: { Arn: arn('DeadLetters') } }],
      },
    },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 60,
        RedrivePolicy: { deadLetterTargetArn: arn('DeadLetters'), maxReceiveCount: 2 },
      },
    },
    DeadLetters: { Type: 'AWS::SQS::Queue' },
    QueuePolicy: queuePolicy('Queue', 'DeadLetters'),
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [
          { AttributeName: 'key', AttributeType: 'S' },
          { AttributeName: 'queue', AttributeType: 'S' },
        ],
        KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'queue',
            KeySchema: [{ AttributeName: 'queue', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'fn',
        Code: { S3Bucket: { Ref: 'Bucket' } },
        Timeout: 30,
        Environment: {
          Variables: { TABLE_NAME: { Ref: 'Table' }, SECRETS_PARAMETER: '/shop/secrets' },
        },
      },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        BatchSize: 10,
        Enabled: true,
        EventSourceArn: arn('Queue'),
        FunctionName: arn('Function'),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    },
    ...changes,
  };
  const Resources = Object.fromEntries(Object.entries(resources).filter(([, resource]) => resource));
  return parseTemplate({ Resources });
};

/** Lets the template's rule send to these queues. */
export const queuePolicy = (...logicalIds: string[]) => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: logicalIds.map((logicalId) => ({ Ref: logicalId })),
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: logicalIds.map(arn),
          Condition: { ArnEquals: { 'aws:SourceArn': arn('Rule') } },
        },
      ],
    },
  },
});
