import { createHash } from 'node:crypto';
import type { Agent } from './agents.ts';

/** What an agent is known by in the database: its id, or a hash of its e-mail address, which has no place there. */
export const agentKey = (agent: Agent): string => {
  if ('agentId' in agent) return agent.agentId;
  const hash = createHash('sha256').update(agent.agentEmail.toLowerCase()).digest('hex');
  return `email:${hash.slice(0, 32)}`;
};
