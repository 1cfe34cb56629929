/** Everything the simulated account knows, and what of it outlives a restart. */
import * as z from 'zod/mini';
import { type Counts, defaultLimit, type Limit } from './admission.ts';
import { type Agent, agentSchema, type Group } from './agent.ts';
import { defaultSwitches, type Fault, type Switches } from './faults.ts';

/** A message with its whole past. `history` holds every text it had, the first and the current one included. Times: epoch ms. */
export const messageSchema = z.object({
  id: z.string(),
  visitorId: z.string(),
  kind: z.enum(['agent', 'pushed', 'visitor']),
  text: z.string(),
  createdAt: z.number(),
  agentId: z.nullable(z.string()),
  receivedFrom: z.nullable(z.string()),
  history: z.array(z.object({ at: z.number(), text: z.string() })),
  deletedAt: z.nullable(z.number()),
});
export type Message = z.infer<typeof messageSchema>;

/** The message as Brevo's definition shows it (ConversationsMessage): the properties of its examples. */
export const showMessage = (message: Message) => ({
  id: message.id,
  type: message.kind === 'visitor' ? 'visitor' : 'agent',
  text: message.text,
  html: toHtml(message.text),
  visitorId: message.visitorId,
  ...(message.agentId === null ? {} : { agentId: message.agentId }),
  createdAt: message.createdAt,
  isPushed: message.kind === 'pushed',
  isTrigger: false,
  isMissed: false,
  isMissedByVisitor: false,
  ...(message.receivedFrom === null ? {} : { receivedFrom: message.receivedFrom }),
});

/** Plain text as HTML. An apostrophe stays as it is, as in the definition's examples. */
const toHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/\r\n|\r|\n/g, '<br>');

/** One request to the API. `status` is null while no answer has gone out, and for ever when the connection was dropped. */
export interface RequestRecord {
  readonly time: number;
  readonly method: string;
  readonly path: string;
  status: number | null;
  changed: 'created' | 'updated' | 'deleted' | 'pinged' | null;
  /** The id of the message or agent that was changed. */
  target: string | null;
  readonly fault: Fault['kind'] | null;
}

/** Everything the simulated account knows. */
export interface State {
  messages: Map<string, Message>;
  agents: Map<string, Agent>;
  readonly groups: readonly Group[];
  counts: Counts;
  readonly requests: RequestRecord[];
  limit: Limit;
  switches: Switches;
  faults: Fault[];
}

/** What an account starts with. */
export interface Account {
  readonly agents?: readonly Pick<Agent, 'id' | 'name' | 'email'>[];
  readonly groups?: readonly Group[];
  readonly limit?: Partial<Limit>;
  readonly switches?: Partial<Switches>;
}

// The ids of the examples in Brevo's definition.
const defaultAgents = [{ id: 'd9nKoegKSjmCtyK78', name: 'Liz', email: 'liz@example.com' }];
const defaultGroups = [{ id: 'PjRBMhWGen6aRHjif', agentIds: ['d9nKoegKSjmCtyK78'] }];

/** A fresh account. Without agents and groups of its own it has one of each. */
export const createState = ({ agents, groups, limit, switches }: Account): State => {
  const staff = agents ?? defaultAgents;
  return {
    messages: new Map(),
    agents: new Map(staff.map((agent) => [agent.id, { ...agent, isDummy: false, onlineUntil: null }])),
    groups: groups ?? (agents ? [] : defaultGroups),
    counts: new Map(),
    requests: [],
    limit: { ...defaultLimit, ...limit },
    switches: { ...defaultSwitches, ...switches },
    faults: [],
  };
};

const snapshotSchema = z.object({
  messages: z.array(messageSchema),
  agents: z.array(agentSchema),
  counts: z.record(z.string(), z.array(z.number())),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** What outlives a restart, as JSON: messages, agents with their presence, and the requests counted against the limit. */
export const takeSnapshot = ({ messages, agents, counts }: State): Snapshot =>
  structuredClone({
    messages: [...messages.values()],
    agents: [...agents.values()],
    counts: Object.fromEntries(counts),
  });

/**
 * Puts a snapshot back. Agents the state has and the snapshot lacks (newly configured ones) stay.
 *
 * @throws ZodError when it is no snapshot
 */
export const restoreSnapshot = (state: State, saved: unknown): void => {
  const { messages, agents, counts } = snapshotSchema.parse(saved);
  state.messages = new Map(messages.map((message) => [message.id, message]));
  state.agents = new Map([...state.agents, ...agents.map((agent) => [agent.id, agent] as const)]);
  state.counts = new Map(Object.entries(counts));
};
