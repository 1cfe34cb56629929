/** In deployments in place of `@aws-sdk/client-sqs`; see json-client.ts. */
import { clientFor, command } from './json-client.ts';

export const SQSClient = clientFor({ name: 'sqs', target: 'AmazonSQS', version: '1.0' });

export const SendMessageCommand = command('SendMessage');
