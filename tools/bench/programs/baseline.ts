/** What the baseline functions share: their secrets, from SSM, and the official SDK. */
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { BrevoClient } from '@getbrevo/brevo';
import { z } from 'zod';

const environment = z
  .object({ BREVO_BASE_URL: z.url(), SECRETS_PARAMETER: z.string().min(1) })
  .parse(process.env);

const secretsSchema = z.object({
  brevoApiKey: z.string().min(1),
  apiTokens: z.array(z.string()).default([]),
});

const ssm = new SSMClient({});

const read = async () => {
  const { Parameter } = await ssm.send(
    new GetParameterCommand({ Name: environment.SECRETS_PARAMETER, WithDecryption: true }),
  );
  const secrets = secretsSchema.parse(JSON.parse(Parameter?.Value ?? ''));
  return {
    secrets,
    brevo: new BrevoClient({ apiKey: secrets.brevoApiKey, baseUrl: environment.BREVO_BASE_URL }),
  };
};

let known: ReturnType<typeof read> | undefined;

/** Read once for an instance. */
export const connect = (): ReturnType<typeof read> => {
  known ??= read();
  return known;
};
