import '../runtime/parse.ts';
import * as z from 'zod/mini';
// If imported from zod/mini, esbuild would bundle all of zod, including its forty languages.
import { toDotPath } from 'zod/v4/core';
import { presence } from '../presence/agents.ts';
import { faultsOf } from '../runtime/parse.ts';
import type { Source } from '../sources/source.ts';
import { sources } from '../sources/sources.ts';
import { type OrderStatus, type OwnStatus, orderStatuses, subjects } from '../texts/order-status.ts';
import type { OrderText, OrderTexts } from '../texts/order-text.ts';
import { locale, orderTexts } from '../texts/texts-schema.ts';
import { affordablePresence, requests } from './requests.ts';

/** The configuration is invalid. The message names each invalid field. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(issues: readonly z.core.$ZodIssue[]) {
    const faults = issues
      .flatMap(faultsOf)
      .map(({ path, message }) => `  ${toDotPath(path) || 'config'}: ${message}`);
    super(['bridge.config.ts is not valid:', ...faults].join('\n'));
  }
}

const policy = z.enum(['append', 'edit', 'replace']);
const priority = z.enum(['high', 'normal', 'low']);
const line = z.string().check(z.trim(), z.minLength(1));

const tolerance = z.int().check(z.positive());
const sender = z.strictObject({ agentId: z.optional(line), groupId: z.optional(line) }).check(
  z.refine(({ agentId, groupId }) => agentId === undefined || groupId === undefined, {
    error: 'must be an agent or a group, not both',
  }),
);

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;
const origin = line.check(
  z.refine(isOrigin, { error: 'expected an origin such as https://backoffice.example.com, without a path' }),
);

const isOwn = (status: string): boolean => ![...orderStatuses, 'ignore'].includes(status);
const ownStatus = line.check(z.refine(isOwn, { error: 'is a built-in status' }));
const shopStatus = line.check(
  z.refine(isOwn, { error: 'is a built-in status and cannot be mapped to another' }),
);

/** A part of a path. */
const sourceName = z.string().check(
  z.regex(/^[a-z][a-z0-9-]{0,31}$/, { error: 'expected small letters, digits and hyphens' }),
  z.refine((name) => !Object.hasOwn(sources, name), { error: 'is a built-in source' }),
);
const callable = z.custom((value) => typeof value === 'function');
const callables = z.object({ read: callable, refusal: callable });
const ownSource = z.custom<Source>(
  (value) => callables.safeParse(value).success,
  'expected hmacSource({ … }), or another one of lib/sources/own.ts',
);

const statuses = z._default(
  z.record(ownStatus, z.strictObject({ after: z.enum(orderStatuses), about: z.enum(subjects) })),
  {},
);

type Policy = z.output<typeof policy>;
type Priority = z.output<typeof priority>;

/** @param own the names of the shop's own statuses */
const fieldsWith = (own: readonly string[]) => {
  const all = [...orderStatuses, ...own];
  return z.strictObject({
    defaultLocale: locale,
    texts: orderTexts(all),
    /** The shop's own statuses. Events may name them as they name built-in ones. */
    statuses,
    statusMap: z._default(z.record(shopStatus, z.enum([...all, 'ignore'])), {}),
    policy: z.prefault(
      z.pipe(
        z.partialRecord(z.enum(['default', ...all]), policy),
        z.transform((chosen): Partial<Record<string, Policy>> & { default: Policy } => ({
          default: 'append',
          ...chosen,
        })),
      ),
      {},
    ),
    priority: z.prefault(
      z.pipe(
        z.partialRecord(z.enum(['default', 'announcements', ...all]), priority),
        z.transform(
          (chosen): Partial<Record<string, Priority>> & { default: Priority; announcements: Priority } => ({
            default: 'normal',
            announcements: 'low',
            ...chosen,
          }),
        ),
      ),
      {},
    ),
    sender: z._default(sender, {}),
    freshnessHours: z._default(z.number().check(z.positive()), 24),
    presence: z._default(presence, { agents: [] }),
    requests: z.prefault(requests, {}),
    /** Origins whose pages may call the HTTP API from a browser, such as `https://backoffice.example.com`. */
    http: z._default(z.strictObject({ origins: z._default(z.array(origin), []) }), { origins: [] }),
    webhooks: z.prefault(
      z.strictObject({
        /** By the name of a source that signs the time; 300 for those that are not named. */
        toleranceSeconds: z._default(z.record(z.string(), tolerance), {}),
      }),
      {},
    ),
    /** Senders of webhooks that are not built in, by their name in the path: `POST /webhooks/<name>`. */
    sources: z._default(z.record(sourceName, ownSource), {}),
    onUnknownOutcome: z._default(z.enum(['hold', 'resend']), 'hold'),
    definiteStatuses: z._default(z.array(z.int().check(z.gte(500), z.lte(599))), [503]),
  });
};

/** The validated configuration, with defaults filled in. */
export type Config = z.output<ReturnType<typeof fieldsWith>>;

/** A tolerance for an unknown source would have no effect. */
const tolerancesAreUsed = z.check<Config>(({ value, issues }) => {
  const known = Object.keys({ ...sources, ...value.sources });
  for (const name of Object.keys(value.webhooks.toleranceSeconds)) {
    if (known.includes(name)) continue;
    const message = `is no source; the sources are ${known.join(', ')}`;
    issues.push({ code: 'custom', input: value, path: ['webhooks', 'toleranceSeconds', name], message });
  }
});

const frame = z.looseObject({ defaultLocale: locale, texts: z.looseObject({}) });
const ownStatuses = z.object({ statuses: z.catch(z.record(z.string(), z.unknown()), {}) });

/**
 * Texts that other locales omit come from the default locale, so it must be complete. A locale with a text for every
 * built-in status must have one for the shop's own too.
 */
const localesAreComplete = (own: readonly string[]) =>
  z.check<Config>(
    ({ value, issues }) => {
      const { defaultLocale, texts } = frame.safeParse(value).data ?? {};
      if (defaultLocale === undefined || texts === undefined) return;
      const report = (path: string[], why: string) => {
        const message = `is required, because ${why}`;
        issues.push({ code: 'custom', input: value, path: ['texts', ...path], message });
      };
      const byDefault = `${defaultLocale} is the default locale`;
      if (texts[defaultLocale] === undefined) report([defaultLocale], byDefault);
      for (const [tag, there] of Object.entries(texts)) {
        if (typeof there !== 'object' || there === null) continue;
        const missing = [...orderStatuses, ...own].filter((status) => !Object.hasOwn(there, status));
        const isComplete = missing.every((status) => own.includes(status));
        if (tag !== defaultLocale && !isComplete) continue;
        const why = tag === defaultLocale ? byDefault : `${tag} has a text for every other status`;
        for (const status of missing) report([tag, status], why);
      }
    },
    // Runs even if another field is invalid, so that one error names every invalid field.
    { when: () => true },
  );

type Texts<Own extends string> = Record<OrderStatus | Own, OrderText>;

/** A locale with all texts for the built-in statuses must have those for the shop's own. */
type Completed<Given, Own extends string> = {
  [Tag in keyof Given]: Given[Tag] extends OrderTexts ? Texts<Own> : Partial<Texts<Own>>;
};

type Fields = z.input<ReturnType<typeof fieldsWith>>;

/** The configuration as written in bridge.config.ts. */
type ConfigInput<DefaultLocale extends string, Own extends string, Given> = Omit<
  Fields,
  'defaultLocale' | 'texts' | 'statuses' | 'statusMap' | 'policy' | 'priority' | 'sender'
> & {
  defaultLocale: DefaultLocale;
  statuses?: Record<Own, OwnStatus>;
  texts: Given & Completed<Given, NoInfer<Own>> & Record<NoInfer<DefaultLocale>, Texts<NoInfer<Own>>>;
  sender?: { agentId?: string; groupId?: never } | { agentId?: never; groupId?: string };
  statusMap?: Record<string, OrderStatus | NoInfer<Own> | 'ignore'>;
  policy?: Partial<Record<'default' | OrderStatus | NoInfer<Own>, Policy>>;
  priority?: Partial<Record<'default' | 'announcements' | OrderStatus | NoInfer<Own>, Priority>>;
};

/**
 * Validates the configuration and fills in its defaults. Every text is tried on sample orders.
 * @throws {ConfigError} naming every invalid field
 */
export const defineConfig = <
  const DefaultLocale extends string,
  Given extends Record<string, Partial<Texts<never>>>,
  const Own extends string = never,
>(
  config: ConfigInput<DefaultLocale, Own, Given>,
): Config => {
  const error = (issue: { input?: unknown }) => (issue.input === undefined ? 'is required' : undefined);
  const own = Object.keys(ownStatuses.safeParse(config).data?.statuses ?? {});
  const schema = fieldsWith(own).check(localesAreComplete(own), affordablePresence, tolerancesAreUsed);
  const result = z.safeParse(schema, config, { error });
  if (!result.success) throw new ConfigError(result.error.issues);
  return result.data;
};
