/** In deployments in place of `@aws-sdk/client-ssm`; see json-client.ts. */
import { clientFor, command } from './json-client.ts';

export const SSMClient = clientFor({ name: 'ssm', target: 'AmazonSSM', version: '1.1' });

export const GetParameterCommand = command('GetParameter');
