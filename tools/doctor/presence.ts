/** Whether the agents of bridge.config.ts can be shown as online. */
import type { BrevoClient } from '../../lib/brevo/client.ts';
import { BrevoError } from '../../lib/brevo/errors.ts';
import type { Config } from '../../lib/config/config.ts';
import type { Finding } from './finding.ts';

type Agent = Config['presence']['agents'][number];

const nameOf = (agent: Agent): string =>
  'agentId' in agent ? `the agent ${agent.agentId}` : `the agent ${agent.agentName}`;

/** What can be said of agents without Brevo, which lists none, and knows one by its ping alone. */
export const checkAgents = ({ presence: { agents } }: Pick<Config, 'presence'>): Finding[] => {
  if (agents.length === 0)
    return [{ grade: 'note', what: 'nobody is kept online: presence.agents is empty' }];
  return agents.map((agent) => {
    if ('agentId' in agent) return /[\s@]/.test(agent.agentId) ? noId(agent) : unasked(agent);
    return agent.agentEmail.endsWith('@example.com') ? sample(agent) : madeUp(agent);
  });
};

const noId = (agent: Agent): Finding => ({
  grade: 'failure',
  what: `${nameOf(agent)} has something else than an id for its agentId`,
  advice: 'take the id that Brevo gives it, or name it by agentEmail, agentName and receivedFrom',
});

const unasked = (agent: Agent): Finding => ({
  grade: 'note',
  what: `whether Brevo knows ${nameOf(agent)} is not known before a ping`,
  advice: 'ask with --ping-agents, which shows it as online for two to three minutes',
});

const sample = (agent: Agent): Finding => ({
  grade: 'warning',
  what: `${nameOf(agent)} has the address of the sample configuration`,
  advice: 'put your own in bridge.config.ts, under presence.agents',
});

const madeUp = (agent: Agent): Finding => ({
  grade: 'note',
  what: `${nameOf(agent)} is named by an e-mail address: one that Brevo does not know becomes an agent of its own`,
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
      const advice = 'mend presence.agents in bridge.config.ts';
      findings.push({
        grade: 'failure',
        what: `Brevo does not show ${nameOf(agent)} as online: ${error.message}`,
        advice,
      });
    }
  }
  return findings;
};
