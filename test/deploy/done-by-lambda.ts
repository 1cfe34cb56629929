/** What Lambda itself does by a function’s role, so that no call of the function’s code shows it. */
import * as z from 'zod/mini';
import { inShort, permission } from './granted.ts';
import { all, type FunctionResource, type Template } from './template.ts';

const arnOf = (logicalId: string) =>
  z.object({ 'Fn::GetAtt': z.tuple([z.literal(logicalId), z.literal('Arn')]) });

/** What a function writes to its standard output is logged. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html */
const logging = (template: Template, { functionName }: FunctionResource): string[] => {
  const group = all(template, 'AWS::Logs::LogGroup').find(
    ({ Properties }) => Properties.LogGroupName === `/aws/lambda/${functionName}`,
  );
  return ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) =>
    permission(action, group?.logicalId ?? 'a log group of its own'),
  );
};

/** A poller takes the messages from its queues. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const polling = (template: Template, { logicalId }: FunctionResource): string[] =>
  all(template, 'AWS::Lambda::EventSourceMapping')
    .filter(({ Properties }) => arnOf(logicalId).safeParse(Properties.FunctionName).success)
    .flatMap(({ Properties }) =>
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((action) =>
        permission(action, inShort(Properties.EventSourceArn)),
      ),
    );

/** Failed runs are kept. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const failing = (template: Template, { logicalId, DeadLetterConfig }: FunctionResource): string[] => {
  const destinations = all(template, 'AWS::Lambda::EventInvokeConfig')
    .filter(({ Properties }) => Properties.FunctionName?.Ref === logicalId)
    .map(({ Properties }) => Properties.DestinationConfig.OnFailure.Destination);
  const queues =
    DeadLetterConfig === undefined ? destinations : [...destinations, DeadLetterConfig.TargetArn];
  return queues.map((queue) => permission('sqs:SendMessage', inShort(queue)));
};

/** X-Ray knows no narrower resource. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
const tracing = ({ TracingConfig }: FunctionResource): string[] =>
  TracingConfig?.Mode === 'Active'
    ? ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => permission(action, '*'))
    : [];

export const doneByLambda = (template: Template, one: FunctionResource): string[] => [
  ...logging(template, one),
  ...polling(template, one),
  ...failing(template, one),
  ...tracing(one),
];
