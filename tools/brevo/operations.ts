import * as z from 'zod/mini';
import { identifyAgent, pickAgent } from './agent.ts';
import { type Answer, jsonAnswer, Refusal, type Request } from './answer.ts';
import { readBody } from './body.ts';
import { newId } from './id.ts';
import { type Message, showMessage } from './message.ts';
import { ping } from './presence.ts';
import type { RequestRecord, State } from './state.ts';

/** What an operation works on: the account, the time (epoch ms) and the request; `id` is empty where the path has none. */
export interface Call {
  readonly state: State;
  readonly at: number;
  readonly random: () => number;
  readonly request: Request;
  readonly id: string;
}

/** The answer, and which message or agent the operation changed in what way. */
interface Done extends Pick<RequestRecord, 'changed' | 'target'> {
  readonly answer: Answer;
}

/** One of the nine operations. It throws a Refusal where Brevo answers with an error. */
export type Operation = (call: Call) => Done;

const filled = z.string().check(z.minLength(1));
const identity = {
  agentId: z.optional(filled),
  agentEmail: z.optional(z.email()),
  agentName: z.optional(filled),
  receivedFrom: z.optional(filled),
};
const agentMessage = z.object({ visitorId: filled, text: filled, ...identity });
const pushedMessage = z.object({
  visitorId: filled,
  text: filled,
  agentId: z.optional(filled),
  groupId: z.optional(filled),
});
const edit = z.object({ text: filled });
const onlinePing = z.object(identity);

/** The two collections of messages: a pushed message is not found among the others, nor the reverse. */
type Collection = 'messages' | 'pushedMessages';

/** POST /messages: the agent is named by the request. */
export const sendMessage: Operation = (call) => {
  const { visitorId, text, ...who } = readBody(agentMessage, call.request);
  refuseUnknownVisitor(call, visitorId);
  const agent = identifyAgent(call.state.agents, who, call.random);
  return created(
    addMessage(call, {
      kind: 'agent',
      visitorId,
      text,
      agentId: agent.id,
      receivedFrom: who.receivedFrom ?? null,
    }),
  );
};

/** POST /pushedMessages: the agent is named, drawn from a group, or drawn from all. */
export const pushMessage: Operation = (call) => {
  const { visitorId, text, ...who } = readBody(pushedMessage, call.request);
  refuseUnknownVisitor(call, visitorId);
  const agent = pickAgent(call.state, who, call.random);
  return created(
    addMessage(call, { kind: 'pushed', visitorId, text, agentId: agent?.id ?? null, receivedFrom: null }),
  );
};

/** GET /{collection}/{id} */
export function getMessage(collection: Collection): Operation {
  return (call) => {
    const message = existing(collection, call);
    return { answer: jsonAnswer(200, showMessage(message)), changed: null, target: null };
  };
}

/** PUT /{collection}/{id}: a new text. */
export function updateMessage(collection: Collection): Operation {
  return (call) => {
    const { text } = readBody(edit, call.request);
    const message = sentByAgent(existing(collection, call));
    message.text = text;
    message.history.push({ at: call.at, text });
    return { answer: jsonAnswer(200, showMessage(message)), changed: 'updated', target: message.id };
  };
}

/** DELETE /{collection}/{id}. The message stays known to the control API. */
export function deleteMessage(collection: Collection): Operation {
  return (call) => {
    const answer = { status: 204, headers: {}, body: '' };
    const before = call.state.messages.get(call.id);
    if (call.state.switches.secondDelete === 204 && before && before.deletedAt !== null) {
      return { answer, changed: null, target: null };
    }
    const message = sentByAgent(existing(collection, call));
    message.deletedAt = call.at;
    return { answer, changed: 'deleted', target: message.id };
  };
}

/** POST /agentOnlinePing */
export const pingAgent: Operation = (call) => {
  const agent = identifyAgent(call.state.agents, readBody(onlinePing, call.request), call.random);
  ping(agent, call.at, call.random);
  return { answer: { status: 201, headers: {}, body: '' }, changed: 'pinged', target: agent.id };
};

/** Puts a new message into the account. */
export function addMessage(
  { state, at, random }: Pick<Call, 'state' | 'at' | 'random'>,
  fields: Pick<Message, 'kind' | 'visitorId' | 'text' | 'agentId' | 'receivedFrom'>,
): Message {
  const message: Message = {
    ...fields,
    id: newId(random, (id) => state.messages.has(id)),
    createdAt: at,
    history: [{ at, text: fields.text }],
    deletedAt: null,
  };
  state.messages.set(message.id, message);
  return message;
}

function created(message: Message): Done {
  return { answer: jsonAnswer(200, showMessage(message)), changed: 'created', target: message.id };
}

function refuseUnknownVisitor({ state }: Call, visitorId: string): void {
  const { knownVisitors } = state.switches;
  if (knownVisitors && !knownVisitors.includes(visitorId)) {
    throw new Refusal(400, 'invalid_parameter', 'visitorId is not valid: no such visitor');
  }
}

function existing(collection: Collection, { state, id }: Call): Message {
  const message = state.messages.get(id);
  if (!message || message.deletedAt !== null || !isIn(collection, message, state)) {
    throw new Refusal(404, 'document_not_found', 'Message not found');
  }
  return message;
}

function isIn(collection: Collection, { kind }: Message, { switches }: State): boolean {
  return collection === 'pushedMessages'
    ? kind === 'pushed'
    : kind !== 'pushed' || switches.pushedIdsOnMessages;
}

function sentByAgent(message: Message): Message {
  if (message.kind !== 'visitor') return message;
  throw new Refusal(400, 'invalid_parameter', 'only messages of type agent can be edited or deleted');
}
