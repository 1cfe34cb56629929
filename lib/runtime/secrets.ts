import { createHash, timingSafeEqual } from 'node:crypto';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod/mini';
import { type Logger, messages } from './log.ts';
import { parseJson } from './parse.ts';

const digest = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest();

/**
 * Whether an offered value is one of the secrets. Every offered value is compared with every secret in constant time,
 * so that the duration reveals nothing about them.
 * @param secrets several during a rotation; an empty one matches nothing
 */
export const matchesSecret = (
  offered: readonly (string | Uint8Array)[],
  secrets: readonly string[],
): boolean => {
  const known = secrets.filter((secret) => secret !== '').map(digest);
  const matches = offered
    .map(digest)
    .flatMap((given) => known.map((secret) => timingSafeEqual(secret, given)));
  return matches.includes(true);
};

const secret = z.string().check(z.minLength(1));

export const secretsSchema = z.object({
  brevoApiKey: secret,
  brevoPartnerKey: z.optional(secret),
  /** Turns a customer's id into the visitor's. The shop's pages use the same secret. */
  visitorIdSecret: secret,
  /** Each token grants access to the HTTP API. Without any, the API is closed. */
  apiTokens: z._default(z.array(secret), []),
  /** The secrets of each source of webhooks by its name, several during a rotation. */
  webhooks: z._default(z.record(z.string(), z.array(secret)), {}),
});
export type Secrets = z.output<typeof secretsSchema>;

export interface SecretsOptions {
  client: SSMClient;
  parameterName: string;
  logger: Logger;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** How long secrets are used before they are read again. Milliseconds. */
const maxAgeMs = 5 * 60_000;

/**
 * The bridge's secrets, from one SSM parameter that holds them all as JSON. They are read again every five minutes,
 * so that added or removed webhook secrets and API tokens take effect within that time. If reading fails, the last
 * known secrets stay in use.
 *
 * The caller may pass the key that Brevo refused last. If it is the current key, the secrets are read again
 * immediately, but only once for each key: repeated refusals of the same key cause no more reads.
 */
export const createSecrets = ({
  client,
  parameterName,
  logger,
  now,
}: SecretsOptions): ((refusedKey?: string) => Promise<Secrets>) => {
  let known: { secrets: Secrets; readAt: number } | undefined;
  let underway: Promise<Secrets> | undefined;
  let doubtedKey: string | undefined;

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
        throw new Error(`The secrets could not be read from the parameter ${parameterName}`, {
          cause: error,
        });
      logger.warn(messages.staleSecrets, { reason: error instanceof Error ? error.name : 'unknown' });
      known = { ...known, readAt: now() };
    }
    return known.secrets;
  };

  const isDoubtful = ({ brevoApiKey }: Secrets, refusedKey: string | undefined): boolean =>
    brevoApiKey === refusedKey && refusedKey !== doubtedKey;

  return async (refusedKey) => {
    const isFresh = known !== undefined && now() - known.readAt < maxAgeMs;
    if (known !== undefined && isFresh && !isDoubtful(known.secrets, refusedKey)) return known.secrets;
    doubtedKey = refusedKey ?? doubtedKey;
    // Concurrent callers share one read.
    underway ??= refresh().finally(() => {
      underway = undefined;
    });
    return underway;
  };
};
