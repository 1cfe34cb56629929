import { test as law } from '@fast-check/vitest';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvalidInput } from '../../../lib/runtime/parse.ts';
import { simulatedBrevo } from '../../tools/brevo/simulated-brevo.ts';
import { clientOf, failureOf, serve } from './servers.ts';

const visitorId = 'visitor-1';
const text = 'Hello';
const agentId = 'a';
const [agentEmail, agentName, receivedFrom] = ['a@example.com', 'A', 'bridge'];

const paths = (error: unknown) =>
  error instanceof InvalidInput ? error.faults.map(({ path }) => path.join('.')).sort() : error;

/** The error of an operation for an invalid body, which must not have been sent. */
const faultsOf = async (operation: 'messages' | 'pushedMessages' | 'pingAgent', body: object) => {
  const { brevo, control } = await simulatedBrevo();
  const client = clientOf(brevo.baseUrl);
  const call = operation === 'pingAgent' ? client.pingAgent : client[operation].post;
  // @ts-expect-error wrong on purpose
  const error = await failureOf(call(body));
  expect((await control('GET', '/requests')).json).toEqual([]);
  return paths(error);
};

test.each([
  ['without an agent', { visitorId, text }, ['agentEmail', 'agentName', 'receivedFrom']],
  ['with half an identity', { visitorId, text, agentEmail, receivedFrom }, ['agentName']],
  ['by an agent named twice', { visitorId, text, agentId, agentEmail }, ['agentEmail']],
  [
    'by an agent named twice over',
    { visitorId, text, agentId, agentName, agentEmail },
    ['agentEmail', 'agentName'],
  ],
  [
    'by an agent without an address',
    { visitorId, text, agentEmail: 'a', agentName, receivedFrom },
    ['agentEmail'],
  ],
  ['without a text', { visitorId, agentId }, ['text']],
  ['with an empty text', { visitorId, agentId, text: '' }, ['text']],
  ['to nobody', { agentId, text }, ['visitorId']],
  ['with empty ids', { visitorId: '', agentId: '', text }, ['agentId', 'visitorId']],
  ['with a field too many', { visitorId, agentId, text, groupId: 'g' }, ['groupId']],
  ['of nothing', {}, ['agentEmail', 'agentName', 'receivedFrom', 'text', 'visitorId']],
])('an agent message %s costs no request', async (_, body, faults) => {
  expect(await faultsOf('messages', body)).toEqual(faults);
});

test.each([
  ['to nobody', { text }, ['visitorId']],
  ['with an empty text', { visitorId, text: '' }, ['text']],
  ['with an empty agent and group', { visitorId, text, agentId: '', groupId: '' }, ['agentId', 'groupId']],
  ['by e-mail address', { visitorId, text, agentEmail }, ['agentEmail']],
])('a pushed message %s costs no request', async (_, body, faults) => {
  expect(await faultsOf('pushedMessages', body)).toEqual(faults);
});

test.each([
  ['nobody', {}, ['agentEmail', 'agentName', 'receivedFrom']],
  ['half an identity', { agentEmail, agentName }, ['receivedFrom']],
  ['an agent named twice', { agentId, agentName }, ['agentName']],
])('a ping for %s costs no request', async (_, body, faults) => {
  expect(await faultsOf('pingAgent', body)).toEqual(faults);
});

test('a body that is not an object is refused too', async () => {
  const { pingAgent } = clientOf('http://127.0.0.1:1');
  // @ts-expect-error wrong on purpose
  expect(paths(await failureOf(pingAgent(null)))).toEqual(['']);
});

test('an edit without a text costs no request', async () => {
  const { brevo, control } = await simulatedBrevo();
  const { messages, pushedMessages } = clientOf(brevo.baseUrl);
  for (const { update } of [messages, pushedMessages]) {
    expect(paths(await failureOf(update('m1', '')))).toEqual(['text']);
  }
  expect((await control('GET', '/requests')).json).toEqual([]);
});

test.each(['', '.', '..', '\ud800'])('the invalid message id "%s" costs no request', async (id) => {
  const { brevo, control } = await simulatedBrevo();
  const { messages, pushedMessages } = clientOf(brevo.baseUrl);
  for (const each of [messages, pushedMessages]) {
    for (const call of [each.get(id), each.update(id, 'x'), each.delete(id)]) {
      expect(await failureOf(call)).toMatchObject({
        name: 'InvalidInput',
        message: expect.stringMatching(/^The message id is invalid: /),
      });
    }
  }
  expect((await control('GET', '/requests')).json).toEqual([]);
});

const ids = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom('a/b', '../x', '%2e%2e', '?a=b', '#', 'ü/💬', '...', ' ', '\\', '%'),
);

law.prop([ids.filter((id) => !/^\.{1,2}$/.test(id))], { numRuns: 60 })(
  'every other id reaches its operation unchanged',
  async (id) => {
    const seen: unknown[] = [];
    const url = await serve(({ method, url: path = '' }, response) => {
      seen.push([method, ...path.split('/').map(decodeURIComponent)]);
      response.end(JSON.stringify({ id }));
    });
    const { messages, pushedMessages } = clientOf(url);
    expect((await messages.get(id)).body).toEqual({ id });
    await messages.update(id, 'x');
    await pushedMessages.delete(id);
    expect(seen).toEqual([
      ['GET', '', 'conversations', 'messages', id],
      ['PUT', '', 'conversations', 'messages', id],
      ['DELETE', '', 'conversations', 'pushedMessages', id],
    ]);
  },
);

law.prop([ids.filter((id) => !/^\.{1,2}$/.test(id))], { numRuns: 30 })(
  'the simulated Brevo looks up every other id as a message',
  async (id) => {
    const { brevo } = await simulatedBrevo();
    expect(await failureOf(clientOf(brevo.baseUrl).messages.get(id))).toMatchObject({
      name: 'NotFound',
      brevoMessage: 'Message not found',
    });
  },
);
