import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import https from 'node:https';

// A connection to AWS is kept for as long as AWS keeps it: a new one would take several round trips.
const agent = new https.Agent({ keepAlive: true, maxSockets: 50 });

const start = (
  { protocol, hostname, port }: URL,
  options: RequestOptions,
  onResponse: (response: IncomingMessage) => void,
): ClientRequest => {
  const to = { ...options, hostname, port, path: '/', method: 'POST' };
  if (protocol === 'https:') return https.request({ ...to, agent }, onResponse);
  // Only the local run has such addresses. An import of node:http would load Node's fetch with it.
  return process.getBuiltinModule('node:http').request(to, onResponse);
};

/**
 * Posts a body, and gives up after so many milliseconds, its answer included.
 * @throws Error where no answer came
 */
export const post = (
  url: URL,
  { headers, body, timeoutMs }: { headers: Record<string, string>; body: string; timeoutMs: number },
): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    const request = start(url, { headers }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (part: string) => {
          text += part;
        })
        .on('end', () => {
          clearTimeout(timer);
          resolve({ status: response.statusCode ?? 0, text });
        })
        .on('error', fail);
    });
    const timer = setTimeout(() => {
      request.destroy(new Error(`No answer within ${timeoutMs} ms`));
    }, timeoutMs);
    request.on('error', fail).end(body);
  });
