import { describe, expect, test } from 'vitest';
import { ownOrigin } from '../../../lib/brevo/schemas.ts';
import { brevo } from '../../../lib/sources/brevo/brevo.ts';
import { secretOf } from '../../../tools/samples/webhooks.ts';
import { opens, webhook } from './opening.ts';
import { arrival, bodyOf, dataOf, readingOf, within } from './reading.ts';

const started = bodyOf('brevo-conversation-started');
const fragment = bodyOf('brevo-conversation-fragment');
const transcript = bodyOf('brevo-conversation-transcript');
const visitorId = 'kZMvWhf8npAu3H6qd57w2Hv6nh6rnxvg';
const asked = within(started, 'message');

const idsOf = (body: unknown) => {
  const reading = readingOf(brevo, body);
  return typeof reading === 'string' ? reading : reading.map(({ id }) => id);
};
const onlyMessage = (message: object) => dataOf(brevo, { ...fragment, messages: [{ ...asked, ...message }] });

describe('a conversation', () => {
  test('that restarts with the same id is a different event', () => {
    const [first] = [idsOf(started)].flat();
    expect(first).toBe('conversation.started:MxhGJAEugdLtS2BBq:dkmyYPxJyh5rKDhRT');
    const [again] = [idsOf({ ...started, message: { ...asked, id: 'later' } })].flat();
    expect(again).toBe('conversation.started:MxhGJAEugdLtS2BBq:later');
  });

  test('without a message starts and ends at the time of arrival', () => {
    const empty = { message: null, messages: [] };
    expect(readingOf(brevo, { ...started, ...empty })).toEqual([
      expect.objectContaining({ id: 'conversation.started:MxhGJAEugdLtS2BBq', at: arrival }),
    ]);
    expect(readingOf(brevo, { ...transcript, ...empty })).toEqual([
      expect.objectContaining({ id: 'conversation.ended:MxhGJAEugdLtS2BBq', at: arrival }),
    ]);
  });

  test.each([
    ['https://shop.example.com/a?email=zoe%40example.com#top', 'https://shop.example.com/a'],
    [{ link: 'https://zoe:word@shop.example.com/a', title: 'A' }, 'https://shop.example.com/a'],
    [{ link: 'mailto:zoe@example.com' }, undefined],
    [{ title: 'A' }, undefined],
    [null, undefined],
  ])('that starts on %j has the start page %s', (conversationStartPage, startPage) => {
    const [data] = [dataOf(brevo, { ...started, conversationStartPage })].flat();
    expect(data).toEqual(expect.objectContaining({ startPage }));
  });

  test.each([
    ['conversationStarted', { ...started, visitor: null, message: { ...asked, visitorId: null } }],
    ['conversationStarted', { ...started, conversationId: null }],
    ['conversationFragment', { eventName: 'conversationFragment' }],
    ['conversationFragment', { ...fragment, messages: [{ text: 'no id' }, null, 7] }],
    ['conversationTranscript', { ...transcript, conversationId: '', messages: 'none' }],
  ])('with too little data is ignored: %s %#', (_, body) => {
    expect(idsOf(body)).toBe('the body contains no conversation');
  });

  test.each([
    [null, 'the body contains no conversation'],
    [{}, 'unknown event: (not a plain name)'],
    [{ ...started, eventName: 'contactUpdated' }, 'unknown event: contactUpdated'],
  ])('is not recognised in %j', (body, reason) => expect(idsOf(body)).toBe(reason));
});

describe('a message', () => {
  test('is ignored if its id is too long for an event id', () => {
    expect(onlyMessage({ id: 'x'.repeat(100) })).toHaveLength(1);
    expect(onlyMessage({ id: 'x'.repeat(101) })).toBe('the body contains no conversation');
  });

  test('is the same event in a fragment and in the transcript', () => {
    expect(idsOf(transcript)).toEqual(expect.arrayContaining([idsOf(fragment)].flat()));
  });

  test.each([
    ['a pushed one', { isPushed: true }],
    ['one of the bridge’s agent', { receivedFrom: ownOrigin }],
  ])('sent by the bridge is reported as seen, not as received: %s', (_, own) => {
    expect(onlyMessage({ ...own, text: ' as it is ' })).toEqual([
      { visitorId, messageId: 'dkmyYPxJyh5rKDhRT', text: ' as it is ' },
    ]);
    expect(onlyMessage({ ...own, text: null })).toBe('the body contains no conversation');
  });

  test('sent by another system is reported as received', () => {
    expect(onlyMessage({ receivedFrom: 'CRM' })).toEqual([expect.objectContaining({ type: 'visitor' })]);
  });

  test('sent by the bridge is reported as seen even if the conversation has no id', () => {
    const body = { ...fragment, conversationId: null, messages: [{ ...asked, isPushed: true }] };
    expect(idsOf(body)).toEqual(['message.seen:dkmyYPxJyh5rKDhRT']);
  });

  test('takes its visitor from the conversation, or the conversation takes it from the message', () => {
    expect(onlyMessage({ visitorId: null })).toEqual([expect.objectContaining({ visitorId })]);
    const body = { ...fragment, visitor: null, messages: [{ ...asked, visitorId: 'v2' }] };
    expect(dataOf(brevo, body)).toEqual([expect.objectContaining({ visitorId: 'v2' })]);
  });

  test.each([null, '', ' \n ', 7])('that is only a file has no text: %j', (text) => {
    expect(onlyMessage({ text })).toEqual([expect.objectContaining({ text: undefined, type: 'visitor' })]);
  });

  test.each([null, -1, 1.5, 253_402_300_800_000, 'now'])(
    'with an unknown time (%j) gets the time of arrival',
    (createdAt) => {
      expect(readingOf(brevo, { ...fragment, messages: [{ ...asked, createdAt }] })).toEqual([
        expect.objectContaining({ at: arrival, data: expect.objectContaining({ createdAt: undefined }) }),
      ]);
    },
  );
});

test.each([[[]], ['text'], [Buffer.from('hello')]])(
  'a body that is not a Brevo webhook is refused %#',
  (body) => {
    expect(() => idsOf(body)).toThrow(expect.objectContaining({ name: 'InvalidInput' }));
  },
);

describe('a Brevo webhook', () => {
  const secret = secretOf('brevo');
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

  test.each([
    ['a bearer token', { authorization: `Bearer ${secret}` }, {}],
    ['Basic credentials, by the password', basic(`anybody:${secret}`), {}],
    ['a header of its own', { 'x-webhook-secret': secret }, {}],
    ['a parameter in the URL', {}, { secret }],
  ])('is authenticated by %s', (_, headers, query) => {
    expect(opens('brevo', webhook('{}', headers, query))).toBe(true);
    expect(opens('brevo', webhook('{}', headers, query), ['another'])).toBe(false);
    expect(opens('brevo', webhook('{}', headers, query), ['another', secret])).toBe(true);
  });

  test('is authenticated by Basic credentials that equal the secret', () => {
    expect(opens('brevo', webhook('{}', basic('shop:word')), ['shop:word'])).toBe(true);
  });

  test.each([
    [{}, {}],
    [{ authorization: `Bearer ${secret}x` }, {}],
    [{ authorization: secret }, {}],
    [basic(`${secret}:`), {}],
    [{ 'x-webhook-secret': '' }, { secret: '' }],
  ])('is not authenticated by the headers %j and the query %j', (headers, query) => {
    expect(opens('brevo', webhook('{}', headers, query))).toBe(false);
    expect(opens('brevo', webhook('{}', headers, query), [''])).toBe(false);
  });
});
