import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { credentials, region } from './account.ts';

/** @throws Error with what the function said when it failed */
export type RunFunction = (name: string, event: object) => Promise<void>;

/** Runs functions at once, by Lambda's Invoke API at this address. */
export const createRunFunction = (endpoint: string): RunFunction => {
  const lambda = new LambdaClient({ endpoint, region, credentials, maxAttempts: 1 });
  return async (name, event) => {
    const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) });
    const { FunctionError, Payload } = await lambda.send(command);
    if (FunctionError) throw new Error(`${name} failed: ${Buffer.from(Payload ?? []).toString('utf8')}`);
  };
};
