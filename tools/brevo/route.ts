import { Refusal, type Request } from './answer.ts';
import {
  deleteMessage,
  getMessage,
  type Operation,
  pingAgent,
  pushMessage,
  sendMessage,
  updateMessage,
} from './operations.ts';

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
export function findRoute({ method, path }: Pick<Request, 'method' | 'path'>): Route {
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
}

function refuse(status: number, code: string, message: string): Operation {
  return () => {
    throw new Refusal(status, code, message);
  };
}

/** An id that is badly encoded is none that exists: it stays as it is and is not found. */
function decode(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
