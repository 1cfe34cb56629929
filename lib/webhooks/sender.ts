import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Problem } from '../http/contract/problem.ts';
import type { HttpService } from '../http/http-handler.ts';
import { metricNames } from '../runtime/metrics.ts';
import type { Clock } from '../sources/signature.ts';
import type { Source } from '../sources/source.ts';
import { type Sources, sourceNamed } from '../sources/sources.ts';

export interface SenderService extends HttpService {
  /** All sources by name, built-in and the shop's own. */
  sources: Sources;
  /** The secrets that may have signed a request of this source. */
  webhookSecrets: (source: string) => Promise<readonly string[]>;
  /** How far a signed time may be from now, by source. */
  toleranceSeconds: Readonly<Record<string, number>>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** How far a signed time may be from now, if the configuration does not say. Seconds. */
const usualTolerance = 300;

/** The source that the route names: `POST /webhooks/shopify`. */
export const sourceOf = ({ routeKey }: APIGatewayProxyEventV2): string =>
  routeKey.slice(routeKey.lastIndexOf('/') + 1);

/**
 * The source of this name, and what it proves its requests by.
 * @throws {Problem} not-found
 */
export const senderNamed = async (
  { sources, webhookSecrets, toleranceSeconds, now }: SenderService,
  name: string,
): Promise<{ source: Source; secrets: readonly string[]; clock: Clock }> => {
  const source = sourceNamed(name, sources);
  if (source === undefined)
    throw new Problem('not-found', { detail: `Unknown webhook source: ${name.slice(0, 100)}` });
  const secrets = await webhookSecrets(name);
  if (secrets.length === 0)
    throw new Problem('not-found', { detail: `No webhook secret is configured for ${name}` });
  const clock = { now: now(), toleranceSeconds: toleranceSeconds[name] ?? usualTolerance };
  return { source, secrets, clock };
};

/** Counts and logs a request that does not prove its sender. */
export const noteRefusal = (
  { logger, metrics }: HttpService,
  message: string,
  why: { source: string; reason: string },
): void => {
  metrics.addMetric(metricNames.webhooksRefused, MetricUnit.Count, 1);
  logger.warn(message, why);
};
