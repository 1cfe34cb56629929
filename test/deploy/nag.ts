/** What the rule packs of cdk-nag say about a template, and what of it is meant to be so. */
import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';

export interface Finding {
  rule: string;
  resource: string;
}

/**
 * @param templateFile path of a CloudFormation template in JSON
 * @throws Error when a reference leads to no resource, or resources wait for each other
 */
export const findingsIn = (templateFile: string): Finding[] => {
  const stack = new Stack(new App(), 'stack');
  new CfnInclude(stack, 'template', { templateFile });
  return [new AwsSolutionsChecks(), new ServerlessChecks()]
    .flatMap((pack) => pack.validateScope(stack).violations)
    .flatMap(({ ruleName, violatingResources }) =>
      (violatingResources ?? []).map(({ constructPath = '' }) => ({
        rule: ruleName,
        resource: constructPath.replace('stack/template/', ''),
      })),
    );
};

interface Acknowledgement {
  rule: string;
  resources: RegExp;
  reason: string;
}

const acknowledged: Acknowledgement[] = [
  {
    rule: 'AwsSolutions-S1',
    resources: /^ServerlessDeploymentBucket$/,
    reason:
      'Holds packages without secrets, for the framework alone; a log of who reads them needs another bucket.',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    resources: /IamRoleLambdaExecution$/,
    reason: 'X-Ray knows no narrower resource; the comparison of permissions lets no other action have it.',
  },
  {
    rule: 'Serverless-LambdaStarPermissions',
    resources: /IamRoleLambdaExecution$/,
    reason: 'The same.',
  },
  {
    rule: 'AwsSolutions-SQS3',
    resources: /^FailedRunQueue$/,
    reason: 'Is where failed runs go; the rule knows dead-letter queues of queues only.',
  },
  {
    rule: 'Serverless-SQSRedrivePolicy',
    resources: /^(DeadLetterQueue|FailedRunQueue)$/,
    reason: 'Are dead-letter queues themselves.',
  },
  {
    rule: 'AwsSolutions-APIG4',
    resources: /^HttpApiRoute/,
    reason: 'The functions ask for the bearer token, or for a webhook’s proof, which needs the body.',
  },
  {
    rule: 'Serverless-LambdaDLQ',
    resources: /LambdaFunction$/,
    reason: 'The two functions that are called asynchronously have a destination for failures instead.',
  },
  {
    rule: 'Serverless-LambdaEventSourceMappingDestination',
    resources: /^PushDashmessageEventSourceMapping/,
    reason: 'Of a queue’s mapping, failures go to the dead-letter queue of the queue.',
  },
  {
    rule: 'Serverless-SNSRedrivePolicy',
    resources: /^AlarmEmail$/,
    reason:
      'An e-mail that cannot be delivered cannot be sent again from a queue; alarms stay on the dashboard.',
  },
];

const covers = ({ rule, resources }: Acknowledgement, finding: Finding): boolean =>
  rule === finding.rule && resources.test(finding.resource);

export const unexplained = (findings: Finding[]): Finding[] =>
  findings.filter((finding) => !acknowledged.some((one) => covers(one, finding)));

/** Acknowledgements of what is no longer found. */
export const outdated = (findings: Finding[]): Acknowledgement[] =>
  acknowledged.filter((one) => !findings.some((finding) => covers(one, finding)));
