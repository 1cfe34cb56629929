/** Whether Brevo accepts the key, how many requests it allows, and whether it knows the agents of bridge.config.ts. */
import type { BrevoClient } from '../../lib/brevo/client.ts';
import { BrevoError, NotFound, RateLimited, RequestRefused, Unauthorised } from '../../lib/brevo/errors.ts';
import type { RateLimit } from '../../lib/brevo/rate-limit.ts';
import type { Config } from '../../lib/config/config.ts';
import type { Finding } from './finding.ts';

/** No message has this id: Brevo looks for it, which it does with a valid key alone, and changes nothing. */
const nobodysMessage = 'conversations-bridge-doctor';

/**
 * Sends Brevo one request, which counts against the plan's limit like any other.
 * @returns `isAccepted`: whether Brevo accepts the key
 */
export const checkKey = async (
  { pushedMessages }: BrevoClient,
  { requests }: Pick<Config, 'requests'>,
): Promise<{ findings: Finding[]; isAccepted: boolean }> => {
  const accepted = (rateLimit: RateLimit) => ({ findings: letIn(rateLimit, requests), isAccepted: true });
  try {
    const { rateLimit } = await pushedMessages.get(nobodysMessage);
    return accepted(rateLimit);
  } catch (error) {
    if (!(error instanceof BrevoError)) throw error;
    // Brevo may find that such an id cannot be: it has accepted the key before.
    const isUnknown = error instanceof NotFound || (error instanceof RequestRefused && error.status === 400);
    return isUnknown ? accepted(error.rateLimit) : { findings: [refusal(error)], isAccepted: false };
  }
};

const letIn = (rateLimit: RateLimit, requests: Config['requests']): Finding[] => [
  { grade: 'ok', what: 'Brevo accepts the key (this took one request, which counts)' },
  limitOf(rateLimit, requests),
];

/** For AWS alone: the functions of the local run have this machine's address. */
export const addressNote: Finding = {
  grade: 'note',
  what: 'Brevo saw this machine’s address; Lambda has no fixed one',
  advice:
    'if Brevo accepts known IP addresses only, it refuses the bridge all the same: switch that off in Brevo under Security → Authorised IPs, or give the functions a fixed address through a NAT gateway',
};

const limitOf = ({ limit, remaining }: RateLimit, requests: Config['requests']): Finding => {
  if (limit === undefined)
    return {
      grade: 'note',
      what: `Brevo names no request limit; bridge.config.ts sets ${requests.limit}`,
      advice: 'check that this is your plan’s',
    };
  const allowed = `Brevo allows ${limit} requests${remaining === undefined ? '' : `, ${remaining} are left`}`;
  if (limit < requests.limit)
    return {
      grade: 'warning',
      what: `${allowed}; bridge.config.ts sets ${requests.limit}`,
      advice: `set requests.limit to ${limit}, and check that presence leaves enough for messages`,
    };
  if (limit > requests.limit)
    return {
      grade: 'note',
      what: `${allowed}; bridge.config.ts sets ${requests.limit}, which holds until Brevo’s first answer`,
      advice: `set requests.limit to ${limit}`,
    };
  return { grade: 'ok', what: `${allowed}, as bridge.config.ts says` };
};

const refusal = (error: BrevoError): Finding => {
  if (error instanceof RateLimited) {
    const { resetSeconds } = error.rateLimit;
    return {
      grade: 'warning',
      what: 'Brevo allows no more requests for now: whether it accepts the key is unknown',
      advice: resetSeconds === undefined ? 'try again later' : `try again in ${resetSeconds} s`,
    };
  }
  if (error instanceof Unauthorised && error.reason === 'address-refused')
    return {
      grade: 'failure',
      what: `Brevo refuses this machine’s address: ${error.message}`,
      advice:
        'Lambda’s addresses change, and Brevo would refuse them too: switch the restriction off, or give the functions a fixed address through a NAT gateway and allow that one',
    };
  return { grade: 'failure', what: error.message, advice: 'until this is fixed, no message can be sent' };
};

type Agent = Config['presence']['agents'][number];

const nameOf = (agent: Agent): string =>
  'agentId' in agent ? `the agent ${agent.agentId}` : `the agent ${agent.agentName}`;

/** What is known of the agents without Brevo, which lists none: a ping alone shows whether it knows one. */
export const checkAgents = ({ presence: { agents } }: Pick<Config, 'presence'>): Finding[] => {
  if (agents.length === 0)
    return [{ grade: 'note', what: 'no agent is kept online: presence.agents is empty' }];
  return agents.map((agent) => {
    if ('agentId' in agent) return /[\s@]/.test(agent.agentId) ? noId(agent) : unpinged(agent);
    return agent.agentEmail.endsWith('@example.com') ? sample(agent) : madeUp(agent);
  });
};

const noId = (agent: Agent): Finding => ({
  grade: 'failure',
  what: `${nameOf(agent)} has an agentId that cannot be an id`,
  advice: 'use the id that Brevo gives it, or name it by agentEmail, agentName and receivedFrom',
});

const unpinged = (agent: Agent): Finding => ({
  grade: 'note',
  what: `only a ping shows whether Brevo knows ${nameOf(agent)}`,
  advice: 'run with --ping-agents, which shows it as online for two to three minutes',
});

const sample = (agent: Agent): Finding => ({
  grade: 'warning',
  what: `${nameOf(agent)} has the address of the sample configuration`,
  advice: 'put your own in bridge.config.ts, under presence.agents',
});

const madeUp = (agent: Agent): Finding => ({
  grade: 'note',
  what: `${nameOf(agent)} is named by e-mail address: Brevo makes a new agent of an address that it does not know`,
  advice: 'for an agent who answers in the chat, give its agentId',
});

/** Pings each agent: visitors see them as online for the next minutes, and each ping is a request that counts. */
export const pingEach = async (
  brevo: BrevoClient,
  { presence: { agents } }: Pick<Config, 'presence'>,
): Promise<Finding[]> => {
  const findings: Finding[] = [];
  for (const agent of agents) {
    const { shifts: _, ...identity } = agent;
    try {
      await brevo.pingAgent(identity);
      findings.push({ grade: 'ok', what: `Brevo shows ${nameOf(agent)} as online` });
    } catch (error) {
      if (!(error instanceof BrevoError)) throw error;
      const what = `Brevo does not show ${nameOf(agent)} as online: ${error.message}`;
      findings.push({ grade: 'failure', what, advice: 'correct presence.agents in bridge.config.ts' });
    }
  }
  return findings;
};
