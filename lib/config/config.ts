import '../runtime/parse.ts';
import * as z from 'zod/mini';
// If imported from zod/mini, esbuild would bundle all of zod, including its forty languages.
import { toDotPath } from 'zod/v4/core';
import { presence } from '../presence/agents.ts';
import { faultsOf } from '../runtime/parse.ts';
import { orderStatuses } from '../texts/order-status.ts';
import type { OrderTexts } from '../texts/order-text.ts';
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

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;
const origin = line.check(
  z.refine(isOrigin, { error: 'expected an origin such as https://backoffice.example.com, without a path' }),
);

const isOwnStatus = (status: string): boolean => !orderStatuses.some((known) => known === status);
const shopStatus = line.check(
  z.refine(isOwnStatus, { error: 'is a built-in status and cannot be mapped to another' }),
);

const fields = z.strictObject({
  defaultLocale: locale,
  texts: orderTexts,
  statusMap: z._default(z.record(shopStatus, z.enum(orderStatuses)), {}),
  policy: z.prefault(
    z.pipe(
      z.partialRecord(z.enum(['default', ...orderStatuses]), policy),
      z.transform((chosen) => ({ default: 'append' as const, ...chosen })),
    ),
    {},
  ),
  priority: z.prefault(
    z.pipe(
      z.partialRecord(z.enum(['default', 'announcements', ...orderStatuses]), priority),
      z.transform((chosen) => ({ default: 'normal' as const, announcements: 'low' as const, ...chosen })),
    ),
    {},
  ),
  sender: z._default(z.strictObject({ agentId: z.optional(line), groupId: z.optional(line) }), {}),
  freshnessHours: z._default(z.number().check(z.positive()), 24),
  presence: z._default(presence, { agents: [] }),
  requests: z.prefault(requests, {}),
  /** Origins whose pages may call the HTTP API from a browser, such as `https://backoffice.example.com`. */
  http: z._default(z.strictObject({ origins: z._default(z.array(origin), []) }), { origins: [] }),
  webhooks: z.prefault(
    z.strictObject({
      toleranceSeconds: z.prefault(
        z.strictObject({ stripe: z._default(tolerance, 300), standard: z._default(tolerance, 300) }),
        {},
      ),
    }),
    {},
  ),
  onUnknownOutcome: z._default(z.enum(['hold', 'resend']), 'hold'),
  definiteStatuses: z._default(z.array(z.int().check(z.gte(500), z.lte(599))), [503]),
});

/** The validated configuration, with defaults filled in. */
export type Config = z.output<typeof fields>;

const frame = z.looseObject({ defaultLocale: locale, texts: z.looseObject({}) });

/** Texts that other locales omit come from the default locale, so it must be complete. */
const defaultLocaleIsComplete = z.check<Config>(
  ({ value, issues }) => {
    const { defaultLocale, texts } = frame.safeParse(value).data ?? {};
    if (defaultLocale === undefined || texts === undefined) return;
    const report = (...path: string[]) => {
      const message = `is required, because ${defaultLocale} is the default locale`;
      issues.push({ code: 'custom', input: value, path: ['texts', defaultLocale, ...path], message });
    };
    const there = texts[defaultLocale];
    if (there === undefined) report();
    if (typeof there !== 'object' || there === null) return;
    for (const status of orderStatuses) if (!Object.hasOwn(there, status)) report(status);
  },
  // Runs even if another field is invalid, so that one error names every invalid field.
  { when: () => true },
);

const schema = fields.check(defaultLocaleIsComplete, affordablePresence);

/**
 * The configuration as written in bridge.config.ts. The texts of the default locale must be complete, those of other
 * locales may be partial.
 */
type ConfigInput<DefaultLocale extends string> = Omit<z.input<typeof fields>, 'defaultLocale' | 'texts'> & {
  defaultLocale: DefaultLocale;
  texts: Record<NoInfer<DefaultLocale>, OrderTexts> & Record<string, Partial<OrderTexts>>;
};

/**
 * Validates the configuration and fills in its defaults. Every text is tried on sample orders.
 * @throws {ConfigError} naming every invalid field
 */
export const defineConfig = <const DefaultLocale extends string>(
  config: ConfigInput<DefaultLocale>,
): Config => {
  const error = (issue: { input?: unknown }) => (issue.input === undefined ? 'is required' : undefined);
  const result = z.safeParse(schema, config, { error });
  if (!result.success) throw new ConfigError(result.error.issues);
  return result.data;
};
