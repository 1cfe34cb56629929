import type { IncomingMessage } from 'node:http';

/**
 * Whether a request names this server as its host. Another name that leads to 127.0.0.1 belongs to a foreign page, whose
 * scripts would be of the same origin as ours (DNS rebinding).
 */
export function namesThisServer({ headers, socket }: IncomingMessage): boolean {
  return [`127.0.0.1:${socket.localPort}`, `localhost:${socket.localPort}`].includes(headers.host ?? '');
}

/** Whether a request comes from a page of this server. Browsers name the origin in each POST; what names none is refused. */
export function isSameOrigin(request: IncomingMessage): boolean {
  return namesThisServer(request) && request.headers.origin === `http://${request.headers.host}`;
}
