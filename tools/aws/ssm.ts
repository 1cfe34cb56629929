import * as z from 'zod/mini';
import { accountId, region } from './account.ts';
import { AwsError } from './aws-error.ts';

const requestSchema = z.object({ Name: z.string(), WithDecryption: z._default(z.boolean(), false) });

/**
 * Systems Manager's GetParameter for secure strings: without `WithDecryption` the value stays unreadable, as in AWS.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 *
 * @throws AwsError ValidationException, ParameterNotFound
 */
export const getParameter = (body: unknown, parameters: Record<string, string>) => {
  const request = requestSchema.safeParse(body);
  if (!request.success) throw new AwsError('ValidationException', z.prettifyError(request.error));
  const { Name, WithDecryption } = request.data;
  const value = Object.hasOwn(parameters, Name) ? parameters[Name] : undefined;
  if (value === undefined)
    throw new AwsError('ParameterNotFound', `There is no parameter ${Name} in the local run.`);
  return {
    Parameter: {
      Name,
      ARN: `arn:aws:ssm:${region}:${accountId}:parameter${Name}`,
      DataType: 'text',
      Type: 'SecureString',
      Value: WithDecryption ? value : 'encrypted: ask for it WithDecryption',
      Version: 1,
    },
  };
};
