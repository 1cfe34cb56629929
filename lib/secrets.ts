import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod/mini';
import { type Logger, messages } from './log.ts';
import { parseJson } from './parse.ts';

/** The sources of webhooks that may have a secret. */
const webhookSources = ['shopify', 'woocommerce', 'stripe', 'standard', 'brevo'] as const;

const secret = z.string().check(z.minLength(1));

const secretsSchema = z.object({
  brevoApiKey: secret,
  brevoPartnerKey: z.optional(secret),
  /** Turns a customer's id into the visitor's; the shop's pages know it too. */
  visitorIdSecret: secret,
  /** Each opens the HTTP API; without any it is closed. */
  apiTokens: z._default(z.array(secret), []),
  /** What each source of webhooks is signed with, several during a rotation. */
  webhooks: z._default(z.partialRecord(z.enum(webhookSources), z.array(secret)), {}),
});
export type Secrets = z.output<typeof secretsSchema>;

export interface SecretsOptions {
  client: SSMClient;
  parameterName: string;
  logger: Logger;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** So long a secret is believed to be the present one. Milliseconds. */
const maxAgeMs = 5 * 60_000;

/**
 * The bridge's secrets, from one SSM parameter that holds them all as JSON. They are read anew every five minutes; if
 * that fails, those known before go on being used.
 */
export const createSecrets = ({
  client,
  parameterName,
  logger,
  now,
}: SecretsOptions): (() => Promise<Secrets>) => {
  let known: { secrets: Secrets; readAt: number } | undefined;
  let underway: Promise<Secrets> | undefined;

  const read = async (): Promise<Secrets> => {
    const { Parameter } = await client.send(
      new GetParameterCommand({ Name: parameterName, WithDecryption: true }),
    );
    return parseJson(secretsSchema, Parameter?.Value ?? '', `The parameter ${parameterName}`);
  };

  const refresh = async (): Promise<Secrets> => {
    try {
      known = { secrets: await read(), readAt: now() };
    } catch (error) {
      if (known === undefined)
        throw new Error(`The secrets could not be read from ${parameterName}`, { cause: error });
      logger.warn(messages.staleSecrets, { reason: error instanceof Error ? error.name : 'unknown' });
      known = { ...known, readAt: now() };
    }
    return known.secrets;
  };

  return async () => {
    if (known !== undefined && now() - known.readAt < maxAgeMs) return known.secrets;
    // All who ask meanwhile share the one call.
    underway ??= refresh().finally(() => {
      underway = undefined;
    });
    return underway;
  };
};
