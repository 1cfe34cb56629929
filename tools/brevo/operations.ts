/** The nine operations of the Conversations API, and how a request finds its own. */
import * as z from 'zod/mini';
import { identifyAgent, newId, pickAgent, ping } from './agent.ts';
import { type Answer, jsonAnswer, Refusal, type Request, readBody } from './answer.ts';
import { type Message, type RequestRecord, type State, showMessage } from './state.ts';

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
type Operation = (call: Call) => Done;

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
const sendMessage: Operation = (call) => {
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
const pushMessage: Operation = (call) => {
  const { visitorId, text, ...who } = readBody(pushedMessage, call.request);
  refuseUnknownVisitor(call, visitorId);
  const agent = pickAgent(call.state, who, call.random);
  return created(
    addMessage(call, { kind: 'pushed', visitorId, text, agentId: agent?.id ?? null, receivedFrom: null }),
  );
};

/** GET /{collection}/{id} */
const getMessage =
  (collection: Collection): Operation =>
  (call) => {
    const message = existing(collection, call);
    return { answer: jsonAnswer(200, showMessage(message)), changed: null, target: null };
  };

/** PUT /{collection}/{id}: a new text. */
const updateMessage =
  (collection: Collection): Operation =>
  (call) => {
    const { text } = readBody(edit, call.request);
    const message = sentByAgent(existing(collection, call));
    message.text = text;
    message.history.push({ at: call.at, text });
    return { answer: jsonAnswer(200, showMessage(message)), changed: 'updated', target: message.id };
  };

/** DELETE /{collection}/{id}. The message stays known to the control API. */
const deleteMessage =
  (collection: Collection): Operation =>
  (call) => {
    const answer = { status: 204, headers: {}, body: '' };
    const before = call.state.messages.get(call.id);
    if (call.state.switches.secondDelete === 204 && before && before.deletedAt !== null) {
      return { answer, changed: null, target: null };
    }
    const message = sentByAgent(existing(collection, call));
    message.deletedAt = call.at;
    return { answer, changed: 'deleted', target: message.id };
  };

/** POST /agentOnlinePing */
const pingAgent: Operation = (call) => {
  const agent = identifyAgent(call.state.agents, readBody(onlinePing, call.request), call.random);
  ping(agent, call.at, call.random);
  return { answer: { status: 201, headers: {}, body: '' }, changed: 'pinged', target: agent.id };
};

/** Puts a new message into the account. */
export const addMessage = (
  { state, at, random }: Pick<Call, 'state' | 'at' | 'random'>,
  fields: Pick<Message, 'kind' | 'visitorId' | 'text' | 'agentId' | 'receivedFrom'>,
): Message => {
  const message: Message = {
    ...fields,
    id: newId(random, (id) => state.messages.has(id)),
    createdAt: at,
    history: [{ at, text: fields.text }],
    deletedAt: null,
  };
  state.messages.set(message.id, message);
  return message;
};

const created = (message: Message): Done => ({
  answer: jsonAnswer(200, showMessage(message)),
  changed: 'created',
  target: message.id,
});

const refuseUnknownVisitor = ({ state }: Call, visitorId: string): void => {
  const { knownVisitors } = state.switches;
  if (knownVisitors && !knownVisitors.includes(visitorId)) {
    throw new Refusal(400, 'invalid_parameter', 'visitorId is not valid: no such visitor');
  }
};

const existing = (collection: Collection, { state, id }: Call): Message => {
  const message = state.messages.get(id);
  if (!message || message.deletedAt !== null || !isIn(collection, message, state)) {
    throw new Refusal(404, 'document_not_found', 'Message not found');
  }
  return message;
};

const isIn = (collection: Collection, { kind }: Message, { switches }: State): boolean =>
  collection === 'pushedMessages' ? kind === 'pushed' : kind !== 'pushed' || switches.pushedIdsOnMessages;

const sentByAgent = (message: Message): Message => {
  if (message.kind !== 'visitor') return message;
  throw new Refusal(400, 'invalid_parameter', 'only messages of type agent can be edited or deleted');
};

const paths: Record<string, Record<string, Operation>> = {
  '/v3/conversations/messages': { POST: sendMessage },
  '/v3/conversations/messages/{id}': {
    GET: getMessage('messages'),
    PUT: updateMessage('messages'),
    DELETE: deleteMessage('messages'),
  },
  '/v3/conversations/pushedMessages': { POST: pushMessage },
  '/v3/conversations/pushedMessages/{id}': {
    GET: getMessage('pushedMessages'),
    PUT: updateMessage('pushedMessages'),
    DELETE: deleteMessage('pushedMessages'),
  },
  '/v3/conversations/agentOnlinePing': { POST: pingAgent },
};

// Maps, so that a path or method such as `constructor` finds nothing.
const routes = new Map(
  Object.entries(paths).map(([path, operations]) => [path, new Map(Object.entries(operations))]),
);

/** The operation for a request. */
export interface Route {
  /** Method and path pattern: what a limit per endpoint counts by. */
  readonly endpoint: string;
  readonly id: string;
  /** @throws Refusal, 404 and 405 among them */
  readonly operation: Operation;
}

/** Finds the operation for a request; for what Brevo does not know, one that refuses it. */
export const findRoute = ({ method, path }: Pick<Request, 'method' | 'path'>): Route => {
  const [, prefix = path, id = ''] = /^(\/v3\/conversations\/\w+)\/([^/]+)$/.exec(path) ?? [];
  const pattern = id === '' ? prefix : `${prefix}/{id}`;
  const operations = routes.get(pattern);
  if (!operations) {
    return { endpoint: 'unknown', id, operation: refuse(404, 'document_not_found', 'Resource not found') };
  }
  const operation = operations.get(method);
  return {
    endpoint: `${method} ${pattern}`,
    id: decode(id),
    operation: operation ?? refuse(405, 'method_not_allowed', `${method} Method is not allowed on this path`),
  };
};

const refuse =
  (status: number, code: string, message: string): Operation =>
  () => {
    throw new Refusal(status, code, message);
  };

/** An id that is badly encoded is none that exists: it stays as it is and is not found. */
const decode = (id: string): string => {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
};
