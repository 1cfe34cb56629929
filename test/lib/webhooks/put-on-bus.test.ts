import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type OutgoingEvent, PublishFailed } from '../../../lib/bus/publisher.ts';
import { createPutOnBus } from '../../../lib/webhooks/put-on-bus.ts';
import { createSeenMessages } from '../../../lib/webhooks/seen-messages.ts';
import { captureLog } from '../../support/logger.ts';
import { startTestStore } from '../../support/stack.ts';

const received = (id: string): OutgoingEvent => ({
  type: 'conversation.message_received',
  id: `conversation.message_received:${id}`,
  at: 0,
  data: {},
});
const order: OutgoingEvent = { type: 'order.status_changed', id: 'o1', at: 0, data: {} };

const never = () => new Promise<void>(() => {});

const start = async ({ refuses = false, late = false, broken = false } = {}) => {
  const { client, tableName } = await startTestStore(() => 0);
  if (broken) client.destroy();
  const { logger, logged } = captureLog();
  const published: string[] = [];
  const state = { refuses };
  const putOnBus = createPutOnBus({
    publisher: (source) => async (events) => {
      if (late && events.length > 0) return never();
      if (state.refuses)
        throw new PublishFailed(events.map((event) => ({ event, code: 'ThrottlingException' })));
      published.push(...events.map(({ id }) => `${source} ${id}`));
    },
    seen: createSeenMessages({ client, tableName: broken ? 'nowhere' : tableName, now: () => 0 }),
    logger,
    pause: late ? () => pause(1) : never,
  });
  return { putOnBus, published, state, logged };
};

test('events of conversations get a source for other systems, and the rest are for the bridge', async () => {
  const { putOnBus, published } = await start();
  await putOnBus('brevo', [received('a'), { ...order, type: 'message.seen' }]);
  await putOnBus('shopify', [order]);
  expect(published).toEqual([
    'conversations-bridge conversation.message_received:a',
    'webhooks.brevo o1',
    'webhooks.shopify o1',
  ]);
});

test('a message is published once, however often transcripts repeat it', async () => {
  const { putOnBus, published } = await start();
  const ids = Array.from({ length: 130 }, (_, index) => `m${index}`);
  await putOnBus('brevo', ids.slice(0, 60).map(received));
  await putOnBus('brevo', ids.map(received));
  expect(published).toHaveLength(130);
  expect(new Set(published).size).toBe(130);
});

test('a message that the bus refused does not count as published', async () => {
  const { putOnBus, published, state } = await start({ refuses: true });
  await expect(putOnBus('brevo', [received('a')])).rejects.toThrow(PublishFailed);
  state.refuses = false;
  await putOnBus('brevo', [received('a')]);
  expect(published).toHaveLength(1);
});

test('a bus that does not answer in time causes an error', async () => {
  const { putOnBus } = await start({ late: true });
  await expect(putOnBus('shopify', [order])).rejects.toThrow('TooLate');
});

test('if the record of published messages fails, a message is published again', async () => {
  const { putOnBus, published, logged } = await start({ broken: true });
  await putOnBus('brevo', [received('a')]);
  await putOnBus('brevo', [received('a')]);
  expect(published).toHaveLength(2);
  expect(logged()).toContain(
    'WARN record of published messages not available, a message may be published twice',
  );
});
