import { expect, test } from 'vitest';
import { faultsIn } from './resource-schemas.ts';
import { packagedTemplate } from './template.ts';

test('every resource is one that CloudFormation knows, with its properties', async () => {
  expect(faultsIn(await packagedTemplate())).toEqual([]);
});

test.each([
  ['a property that does not exist', { Encrypted: true }, 'EventQueue.Encrypted is not known'],
  [
    'a value of another type',
    { VisibilityTimeout: 'long' },
    'EventQueue.VisibilityTimeout has to be integer',
  ],
  [
    'an attribute that does not exist',
    { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Url'] } } },
    'EventQueue.RedrivePolicy.deadLetterTargetArn: DeadLetterQueue has no attribute Url',
  ],
  [
    'an attribute that does not exist, in a text',
    { QueueName: { 'Fn::Sub': `x-\${Bus.Name}-\${Table.Url}` } },
    'EventQueue.QueueName: Table has no attribute Url',
  ],
])('%s is found', async (_, properties, fault) => {
  const { Resources } = await packagedTemplate();
  const EventQueue = { Type: 'AWS::SQS::Queue', Properties: properties };
  expect(faultsIn({ Resources: { ...Resources, EventQueue } })).toEqual([fault]);
});

test('what is missing is found, and a type that does not exist', () => {
  const Resources = {
    Role: { Type: 'AWS::IAM::Role', Properties: {} },
    Other: { Type: 'AWS::SQS::Que', Properties: {} },
  };
  expect(faultsIn({ Resources })).toEqual([
    'Role.AssumeRolePolicyDocument is missing',
    'Other: AWS::SQS::Que does not exist',
  ]);
});
