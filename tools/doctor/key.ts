/** Whether Brevo lets the bridge in, and how many requests it allows. */
import type { BrevoClient } from '../../lib/brevo/client.ts';
import { BrevoError, NotFound, RateLimited, RequestRefused, Unauthorised } from '../../lib/brevo/errors.ts';
import type { RateLimit } from '../../lib/brevo/rate-limit.ts';
import type { Config } from '../../lib/config/config.ts';
import type { Finding } from './finding.ts';

/** No message has this id: Brevo looks for it, which it does for those alone whom it lets in, and changes nothing. */
const nobodysMessage = 'conversations-bridge-doctor';

/**
 * Asks Brevo with one request, which counts against the plan's limit like any other.
 * @returns `isTaken`: whether Brevo takes the key
 */
export const checkKey = async (
  { pushedMessages }: BrevoClient,
  { requests }: Pick<Config, 'requests'>,
): Promise<{ findings: Finding[]; isTaken: boolean }> => {
  const taken = (rateLimit: RateLimit) => ({ findings: letIn(rateLimit, requests), isTaken: true });
  try {
    const { rateLimit } = await pushedMessages.get(nobodysMessage);
    return taken(rateLimit);
  } catch (error) {
    if (!(error instanceof BrevoError)) throw error;
    // Brevo may find that such an id cannot be: it has let the key in before.
    const isUnknown = error instanceof NotFound || (error instanceof RequestRefused && error.status === 400);
    return isUnknown ? taken(error.rateLimit) : { findings: [refusal(error)], isTaken: false };
  }
};

const letIn = (rateLimit: RateLimit, requests: Config['requests']): Finding[] => [
  { grade: 'ok', what: 'Brevo takes the key (asked with one request, which counts)' },
  limitOf(rateLimit, requests),
];

/** For AWS alone: the functions of the local run have this machine's address. */
export const addressNote: Finding = {
  grade: 'note',
  what: 'Brevo was asked from this machine’s address; Lambda has no fixed one',
  advice:
    'where the account takes requests from known IP addresses only, the bridge is refused all the same: switch that off in Brevo under Security → Authorised IPs, or give the functions a fixed address through a NAT gateway',
};

const limitOf = ({ limit, remaining }: RateLimit, requests: Config['requests']): Finding => {
  if (limit === undefined)
    return {
      grade: 'note',
      what: `Brevo names no request limit; bridge.config.ts says ${requests.limit}`,
      advice: 'see that this is your plan’s',
    };
  const allowed = `Brevo allows ${limit} requests${remaining === undefined ? '' : `, ${remaining} are left`}`;
  if (limit < requests.limit)
    return {
      grade: 'warning',
      what: `${allowed}; bridge.config.ts counts on ${requests.limit}`,
      advice: `set requests.limit to ${limit}, and see that presence leaves enough for messages`,
    };
  if (limit > requests.limit)
    return {
      grade: 'note',
      what: `${allowed}; bridge.config.ts counts on ${requests.limit} until Brevo says so`,
      advice: `set requests.limit to ${limit}`,
    };
  return { grade: 'ok', what: `${allowed}, as bridge.config.ts says` };
};

const refusal = (error: BrevoError): Finding => {
  if (error instanceof RateLimited) {
    const { resetSeconds } = error.rateLimit;
    return {
      grade: 'warning',
      what: 'Brevo allows no more requests for now: whether it takes the key is not known',
      advice: resetSeconds === undefined ? 'ask again later' : `ask again in ${resetSeconds} s`,
    };
  }
  if (error instanceof Unauthorised && error.reason === 'address-refused')
    return {
      grade: 'failure',
      what: `Brevo refuses this machine’s address: ${error.message}`,
      advice:
        'Lambda’s addresses change and would be refused too: switch the restriction off, or give the functions a fixed address through a NAT gateway and allow that one',
    };
  return { grade: 'failure', what: error.message, advice: 'no message can be sent before this is mended' };
};
