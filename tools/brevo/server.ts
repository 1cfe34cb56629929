import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { listen } from '../aws/listen.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { type Brevo, type BrevoOptions, createBrevo } from './brevo.ts';

const largestBodyBytes = 1_000_000;

export interface BrevoServerOptions extends Omit<BrevoOptions, 'now' | 'random'> {
  /** 0 picks a free one. */
  readonly port: number;
  readonly now?: () => number;
  readonly random?: () => number;
  /** Waits so many milliseconds, or rejects when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

export interface BrevoServer extends Pick<Brevo, 'snapshot' | 'restore'> {
  /** Origin, without a slash at the end; the control API is at `/control` below it. */
  readonly url: string;
  /** What a client takes for `https://api.brevo.com/v3`. */
  readonly baseUrl: string;
  readonly port: number;
  /** Drops every open connection and what is still delayed. */
  readonly close: () => Promise<void>;
}

/**
 * The simulated Brevo as an HTTP server.
 *
 * @throws the system's error, with its `code` (EADDRINUSE …), when it cannot listen on the port
 */
export const startBrevo = async (options: BrevoServerOptions): Promise<BrevoServer> => {
  const { now = Date.now, random = Math.random } = options;
  const sleep = options.sleep ?? ((ms, signal) => setTimeout(ms, undefined, { signal }));
  const brevo = createBrevo({ ...options, now, random });
  const closing = new AbortController();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // A caller who hangs up while still sending has asked for nothing.
    const body = await readAll(request).catch(() => undefined);
    if (body === undefined) return;
    if (body === null) return send(response, jsonAnswer(413, { message: 'the body is too large' }));
    const { delayMs, complete } = brevo.handle({
      method: request.method ?? '',
      path: request.url ?? '',
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ),
      body,
    });
    if (delayMs > 0) await sleep(delayMs, closing.signal);
    send(response, complete());
  };

  const { url, close } = await listen((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!closing.signal.aborted)
        console.error(`Simulated Brevo: ${request.method} ${request.url} failed`, error);
      response.destroy();
    });
  }, options.port);

  return {
    url,
    baseUrl: `${url}/v3`,
    port: Number(new URL(url).port),
    snapshot: brevo.snapshot,
    restore: brevo.restore,
    close: async () => {
      closing.abort();
      await close();
    },
  };
};

/** The body, or null when it is too large; the rest of such a body is read and thrown away, so that the answer arrives. */
const readAll = async (request: IncomingMessage): Promise<string | null> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= largestBodyBytes) chunks.push(chunk);
  }
  return bytes <= largestBodyBytes ? Buffer.concat(chunks).toString('utf8') : null;
};

const send = (response: ServerResponse, answer: Answer | null): void => {
  if (response.destroyed) return;
  if (answer === null) {
    response.socket?.resetAndDestroy();
    return;
  }
  response.statusCode = answer.status;
  response.setHeaders(new Map(Object.entries(answer.headers)));
  response.end(answer.body);
};
