/** The agents of the account: how requests name them, and whether visitors see them as online. */
import * as z from 'zod/mini';
import { Refusal } from './answer.ts';

/** An agent. `onlineUntil` (epoch ms) is null before the first ping; dummies are those Brevo made for an unknown e-mail address. */
export const agentSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  isDummy: z.boolean(),
  onlineUntil: z.nullable(z.number()),
});
export type Agent = z.infer<typeof agentSchema>;

export interface Group {
  readonly id: string;
  readonly agentIds: readonly string[];
}

/** The fields by which a request names an agent. */
export interface Identity {
  readonly agentId?: string | undefined;
  readonly agentEmail?: string | undefined;
  readonly agentName?: string | undefined;
  readonly receivedFrom?: string | undefined;
}

/**
 * The agent that a request names: by `agentId`, beside which only `receivedFrom` may stand, or by all of `agentEmail`,
 * `agentName` and `receivedFrom`, in which case an unknown address gets a dummy agent.
 *
 * @throws Refusal 400
 */
export const identifyAgent = (
  agents: Map<string, Agent>,
  identity: Identity,
  random: () => number,
): Agent => {
  const { agentId, agentEmail, agentName, receivedFrom } = identity;
  if (agentId !== undefined) {
    if (agentEmail !== undefined || agentName !== undefined) {
      throw new Refusal(400, 'invalid_parameter', 'agentEmail and agentName do not go with agentId');
    }
    return knownAgent(agents, agentId);
  }
  if (agentEmail === undefined || agentName === undefined || receivedFrom === undefined) {
    throw new Refusal(
      400,
      'missing_parameter',
      'either agentId or all of agentEmail, agentName and receivedFrom are required',
    );
  }
  return agentByEmail(agents, agentEmail) ?? addDummy(agents, { name: agentName, email: agentEmail }, random);
};

/**
 * The agent that signs a pushed message: the one named, a random one of the group, or a random one; undefined when the
 * account has none. An agentId beside a groupId wins: what Brevo does then is not documented.
 *
 * @throws Refusal 400 for an unknown agent or group, and for a group without agents
 */
export const pickAgent = (
  { agents, groups }: { agents: Map<string, Agent>; groups: readonly Group[] },
  { agentId, groupId }: { agentId?: string | undefined; groupId?: string | undefined },
  random: () => number,
): Agent | undefined => {
  const group = groupId === undefined ? undefined : knownGroup(groups, groupId);
  if (agentId !== undefined) return knownAgent(agents, agentId);
  const candidates = group?.agentIds ?? [...agents.keys()];
  const drawn = candidates[Math.floor(random() * candidates.length)];
  return drawn === undefined ? undefined : knownAgent(agents, drawn);
};

const knownAgent = (agents: Map<string, Agent>, agentId: string): Agent => {
  const agent = agents.get(agentId);
  if (!agent) throw new Refusal(400, 'invalid_parameter', 'agentId is not valid: no such agent');
  return agent;
};

const knownGroup = (groups: readonly Group[], groupId: string): Group => {
  const group = groups.find(({ id }) => id === groupId);
  if (!group?.agentIds.length) {
    throw new Refusal(400, 'invalid_parameter', 'groupId is not valid: no such group, or nobody in it');
  }
  return group;
};

const agentByEmail = (agents: Map<string, Agent>, email: string): Agent | undefined =>
  [...agents.values()].find((agent) => agent.email.toLowerCase() === email.toLowerCase());

const addDummy = (
  agents: Map<string, Agent>,
  { name, email }: { name: string; email: string },
  random: () => number,
): Agent => {
  const id = newId(random, (candidate) => agents.has(candidate));
  const dummy = { id, name, email, isDummy: true, onlineUntil: null };
  agents.set(id, dummy);
  return dummy;
};

const shortestMs = 120_000;
const longestMs = 180_000;

/** A ping at `at` (epoch ms) holds the agent online for 2 to 3 minutes: how long, is drawn anew each time. */
export const ping = (agent: Agent, at: number, random: () => number): void => {
  agent.onlineUntil = at + shortestMs + Math.floor(random() * (longestMs - shortestMs));
};

/** Whether visitors see the agent as online at `at` (epoch ms). */
export const isOnline = ({ onlineUntil }: Agent, at: number): boolean =>
  onlineUntil !== null && at < onlineUntil;

// Letters and digits that cannot be mistaken for one another, as in the ids of Brevo's examples.
const alphabet = '23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz';
const length = 17;

/**
 * A new opaque id of 17 characters, drawn from `random`.
 *
 * @throws Error when `random` keeps repeating itself
 */
export const newId = (random: () => number, isTaken: (id: string) => boolean): string => {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const id = Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
    if (!isTaken(id)) return id;
  }
  throw new Error('random() gave ten ids that are all taken: it repeats itself');
};
