import type { Config } from '../config/config.ts';
import type { HttpService } from '../http/http-handler.ts';
import { createLogger } from '../runtime/log.ts';
import { createMetrics } from '../runtime/metrics.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { connectSecrets } from './brevo-connection.ts';
import { type Bridge, connectBridge, connectPresence, connectStore } from './bridge.ts';

const access = (
  secrets: () => Promise<Secrets>,
  { http }: Config,
): Pick<HttpService, 'tokens' | 'origins'> => ({
  tokens: async () => (await secrets()).apiTokens,
  origins: http.origins,
});

/** What operations read from the environment that only call Brevo. */
export const brevoApiEnvironment = ['BREVO_BASE_URL', 'SECRETS_PARAMETER', 'TABLE_NAME'] as const;

/** Connects operations that only call Brevo, within the budget. */
export const connectBrevoApi = (
  environment: Record<(typeof brevoApiEnvironment)[number], string>,
  config: Config,
) => {
  const connected = connectPresence(environment, config);
  return { ...connected, ...access(connected.secrets, config) };
};

export type BrevoApiService = Pick<ReturnType<typeof connectBrevoApi>, 'brevo' | 'budget'> & HttpService;

export type NoticesService = Bridge & HttpService;

/** Connects operations on notices: all that takes a desired state to the chat. */
export const connectNotices = async (
  environment: Parameters<typeof connectBridge>[0],
  config: Config,
): Promise<NoticesService> => {
  const bridge = await connectBridge(environment, config);
  return { ...bridge, ...access(bridge.secrets, config) };
};

/** What operations read from the environment that only read notices. */
export const noticesReaderEnvironment = ['SECRETS_PARAMETER', 'TABLE_NAME'] as const;

export type NoticesReader = Pick<Bridge, 'store' | 'now'> & HttpService;

/** Connects operations that only read notices. */
export const connectNoticesReader = (
  environment: Record<(typeof noticesReaderEnvironment)[number], string>,
  config: Config,
): NoticesReader => ({ ...connectAccess(environment, config), ...connectStore(environment) });

/** Connects operations that need no more than to know who may call them. */
export const connectAccess = (environment: { SECRETS_PARAMETER: string }, config: Config): HttpService => {
  const logger = createLogger();
  return { logger, metrics: createMetrics(), ...access(connectSecrets(environment, logger), config) };
};
