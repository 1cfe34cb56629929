import config from '../bridge.config.ts';
import { connectBrevo } from '../lib/brevo-connection.ts';
import { readEnv } from '../lib/env.ts';
import { createLogger } from '../lib/log.ts';
import { pingAgents } from '../lib/presence/ping-agents.ts';
import { scheduleHandler } from '../lib/schedule/schedule-handler.ts';

/** Each minute: shows the agents whose shift it is as online. */
export const handler = scheduleHandler(
  async () => {
    const environment = readEnv(process.env, 'BREVO_BASE_URL', 'SECRETS_PARAMETER');
    const logger = createLogger();
    return { logger, ...connectBrevo(environment, logger) };
  },
  async (dependencies) => pingAgents(dependencies, config.presence.agents, Date.now()),
);
