import { createHash, timingSafeEqual } from 'node:crypto';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod/mini';
import { type Logger, messages } from './log.ts';
import { parseJson } from './parse.ts';

const digest = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest();

/**
 * Whether something that was offered is one of the secrets. Each is compared with each in full, in constant time, so that
 * the time taken reveals nothing of them.
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

/** Whose webhooks are taken, by the name in the path (`POST /webhooks/shopify`): each has a folder in `lib/sources`. */
export const sourceNames = ['shopify', 'woocommerce', 'stripe', 'standard', 'brevo'] as const;

export type SourceName = (typeof sourceNames)[number];

const secret = z.string().check(z.minLength(1));

export const secretsSchema = z.object({
  brevoApiKey: secret,
  brevoPartnerKey: z.optional(secret),
  /** Turns a customer's id into the visitor's; the shop's pages know it too. */
  visitorIdSecret: secret,
  /** Each opens the HTTP API; without any it is closed. */
  apiTokens: z._default(z.array(secret), []),
  /** What each sender's webhooks are signed with, several during a rotation. */
  webhooks: z._default(z.partialRecord(z.enum(sourceNames), z.array(secret)), {}),
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
 * The bridge's secrets, from one SSM parameter that holds them all as JSON. They are read anew every five minutes, so
 * that webhook secrets and API tokens take effect, or lose it, within that time; if that fails, those known before go
 * on being used.
 *
 * The key that Brevo refused last may be given. If it is the one that is known, the secrets are read anew at once, but
 * once for each key: many refusals of one that is still in place ask no more often than none.
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
        throw new Error(`The secrets could not be read from ${parameterName}`, { cause: error });
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
    // All who ask meanwhile share the one call.
    underway ??= refresh().finally(() => {
      underway = undefined;
    });
    return underway;
  };
};
