import type { BrevoClient } from '../brevo/client.ts';
import { type Logger, messages } from '../log.ts';
import type { Agent } from './agents.ts';
import { agentsOnShift } from './on-shift.ts';

/**
 * Shows every agent whose shift it is as online, all at once. One whose ping fails keeps no other from being shown; the
 * next run comes before its presence ends.
 * @param at milliseconds since 1970
 */
export const pingAgents = async (
  { brevo, logger }: { brevo: BrevoClient; logger: Logger },
  agents: readonly Agent[],
  at: number,
): Promise<void> => {
  const ping = async ({ shifts: _, ...identity }: Agent): Promise<boolean> => {
    try {
      await brevo.pingAgent(identity);
      return true;
    } catch (error) {
      logger.error(messages.notPinged, {
        ...('agentId' in identity ? { agentId: identity.agentId } : { agentName: identity.agentName }),
        reason: withoutAddress(error instanceof Error ? error.message : String(error)),
      });
      return false;
    }
  };
  const pinged = await Promise.all(agentsOnShift(agents, at).map(ping));
  logger.info(messages.pinged, {
    online: pinged.filter(Boolean).length,
    failed: pinged.filter((done) => !done).length,
  });
};

/** Brevo's reason may quote the agent's e-mail address, which has no place in a log. */
const withoutAddress = (reason: string): string =>
  reason.replaceAll(/[^\s"'<>(:]+@[^\s"'<>),;]+/g, '<e-mail address>');
