import { createServer } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { listen } from '../../../tools/aws/listen.ts';
import { createFeed } from '../../../tools/console/feed.ts';

/** A feed behind a server, and what it has read and sent so far. */
const startFeed = async (state: () => object | undefined) => {
  let readings = 0;
  const feed = createFeed(async () => {
    readings++;
    return state();
  });
  let open = 0;
  const server = await listen(
    createServer((_, response) => {
      feed.add(response);
      open++;
      response.on('close', () => open--);
    }),
    0,
  );
  onTestFinished(async () => {
    feed.close();
    await server.close();
  });
  const subscribe = async () => {
    const closing = new AbortController();
    const response = await fetch(server.url, { signal: closing.signal });
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    })().catch(() => {});
    const messages = () =>
      text
        .split('\n')
        .filter((line) => line.startsWith('data: '))
        .map((line): unknown => JSON.parse(line.slice('data: '.length)));
    return {
      type: response.headers.get('content-type'),
      messages,
      leave: async () => {
        const rest = open - 1;
        closing.abort();
        await reading;
        await vi.waitFor(() => expect(open).toBe(rest));
      },
    };
  };
  return { feed, subscribe, readings: () => readings };
};

test('a listener gets the whole state, then only the parts that changed', async () => {
  let state = { queue: { waiting: 0 }, notices: ['a'] };
  const { feed, subscribe } = await startFeed(() => state);
  const { type, messages } = await subscribe();
  expect(type).toBe('text/event-stream');
  await vi.waitFor(() => expect(messages()).toEqual([{}, state]));
  state = { queue: { waiting: 1 }, notices: ['a'] };
  feed.wake();
  await vi.waitFor(() => expect(messages().at(-1)).toEqual({ queue: { waiting: 1 } }));
  const { messages: later } = await subscribe();
  await vi.waitFor(() => expect(later()).toEqual([state]));
});

test('a listener gets each change by itself, and nothing that stays the same', async () => {
  let state = { queue: 1 };
  const { subscribe, readings } = await startFeed(() => state);
  const { messages } = await subscribe();
  await vi.waitFor(() => expect(readings()).toBeGreaterThan(2), 3_000);
  expect(messages()).toEqual([{}, { queue: 1 }]);
  state = { queue: 2 };
  await vi.waitFor(() => expect(messages()).toEqual([{}, { queue: 1 }, { queue: 2 }]), 3_000);
});

test('nothing is read while nobody listens', async () => {
  const { feed, subscribe, readings } = await startFeed(() => ({}));
  feed.wake();
  expect(readings()).toBe(0);
  const { leave } = await subscribe();
  await vi.waitFor(() => expect(readings()).toBeGreaterThan(0));
  await leave();
  await vi.waitFor(async () => {
    const before = readings();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(readings()).toBe(before);
  }, 3_000);
});

test('a listener that comes later is not shown how things were for one that has left', async () => {
  let state = { queue: 1 };
  const { subscribe } = await startFeed(() => state);
  const first = await subscribe();
  await vi.waitFor(() => expect(first.messages()).toEqual([{}, { queue: 1 }]));
  await first.leave();
  state = { queue: 2 };
  const { messages } = await subscribe();
  await vi.waitFor(() => expect(messages()).toEqual([{}, { queue: 2 }]));
});

test('while everything starts nothing is sent, and a reading that fails is tried again', async () => {
  let state: object | undefined;
  let isBroken = true;
  const { feed, subscribe } = await startFeed(() => {
    if (state !== undefined && isBroken) throw new Error('the database is busy');
    return state;
  });
  const { messages } = await subscribe();
  state = { run: 1 };
  feed.wake();
  isBroken = false;
  await vi.waitFor(() => expect(messages()).toEqual([{}, { run: 1 }]), 3_000);
});
