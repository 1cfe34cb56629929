import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { test as law } from '@fast-check/vitest';
import fc from 'fast-check';
import { expect } from 'vitest';
import { BrevoError } from '../../../lib/brevo/errors.ts';
import { InvalidInput } from '../../../lib/runtime/parse.ts';
import { clientOf, deadPort, failureOf, serve } from './servers.ts';

const secret = fc.stringMatching(/^[a-zA-Z0-9]{16,40}$/);

const expectSilent = (error: unknown, secrets: string[]) => {
  const shown = [
    inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null }),
    JSON.stringify(error),
    String(error),
  ].join('\n');
  for (const each of secrets) expect(shown).not.toContain(each);
};

/** All kinds of answers. `text` is the message's text, which an answer may repeat. */
const answers: Record<string, (text: string) => RequestListener> = {
  'an error': () => (_, response) => response.writeHead(400).end('{"code":"c","message":"m"}'),
  'a 401': () => (_, response) => response.writeHead(401).end('{"message":"Key not found"}'),
  'a page that repeats the text': (text) => (_, response) => response.writeHead(500).end(`<p>${text}</p>`),
  'an error with further fields': (text) => (_, response) =>
    response.writeHead(422).end(JSON.stringify({ message: 'm', request: { text } })),
  'a message without an id': (text) => (_, response) => response.end(JSON.stringify({ text })),
  'an id that is the text': (text) => (_, response) => response.end(JSON.stringify({ id: [text] })),
  'no HTTP': (text) => (request) => request.socket.end(`${text}\r\n\r\n${text}`),
  'a broken chunk': (text) => (request) =>
    request.socket.end(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${text} ${text}`),
  'half an answer': (text) => (request) =>
    request.socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n{"id":"${text}`),
  'a reset': () => (request) => request.socket.resetAndDestroy(),
};

/** An edit needs no id in its answer. */
const confirmsAnEdit = new Set(['a message without an id', 'an id that is the text']);

law.prop([secret, secret, secret, fc.constantFrom(...Object.keys(answers))], { numRuns: 100 })(
  'no error after a request shows a key or a message’s text',
  async (apiKey, partnerKey, text, kind) => {
    const url = await serve(answers[kind]?.(text) ?? (() => {}));
    const { pushedMessages } = clientOf(url, { credentials: async () => ({ apiKey, partnerKey }) });
    const edit = confirmsAnEdit.has(kind) ? [] : [() => pushedMessages.update('m1', text)];
    for (const call of [() => pushedMessages.post({ visitorId: 'v', text }), ...edit]) {
      const error = await failureOf(call());
      expect(error).toBeInstanceOf(BrevoError);
      expectSilent(error, [apiKey, partnerKey, text]);
    }
  },
);

law.prop([secret, secret, secret], { numRuns: 30 })(
  'no error before a request shows a key or a message’s text',
  async (apiKey, partnerKey, text) => {
    const url = `http://127.0.0.1:${await deadPort()}`;
    const message = { visitorId: 'v', text };
    const secrets = [apiKey, partnerKey, text];
    const keys = { apiKey, partnerKey };
    const post = (known: typeof keys, body: { visitorId: string; text: string }) =>
      failureOf(clientOf(url, { credentials: async () => known }).pushedMessages.post(body));

    expectSilent(await post(keys, message), secrets);
    expectSilent(await post({ ...keys, apiKey: `${apiKey}\n${partnerKey}` }, message), secrets);
    expectSilent(await post({ ...keys, partnerKey: `${partnerKey}\x00€` }, message), secrets);
    const invalid = await post(keys, { ...message, visitorId: '' });
    expect(invalid).toBeInstanceOf(InvalidInput);
    expectSilent(invalid, secrets);
  },
);
