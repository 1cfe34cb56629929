import { fc } from '@fast-check/vitest';
import type { SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { processBatch } from '../../lib/notices/ingest.ts';
import { stateOf } from '../../lib/notices/notice.ts';
import { startBridge } from '../support/bridge.ts';
import { sqsRecord, statusChanged } from '../support/events.ts';
import { cases } from '../support/in-depth.ts';

const orders = cases(20, 40);
const statuses = ['pending', 'paid', 'processing', 'shipped', 'delivered'];

/** The words that identify each status in the default texts. */
const words = [
  'Thank you for your order',
  'received your payment',
  'getting your order',
  'on its way',
  'delivered',
];

const shuffled = <T>(all: T[], seed: number): T[] =>
  fc.sample(fc.shuffledSubarray(all, { minLength: all.length }), { seed, numRuns: 1 }).flat();

const batchesOf = (records: readonly SQSRecord[]): SQSRecord[][] =>
  Array.from({ length: Math.ceil(records.length / 10) }, (_, index) =>
    records.slice(index * 10, index * 10 + 10),
  );

test.each([1, 2, 3].slice(0, cases(1, 3)))(
  'two workers that both get the same events, shuffled and repeated, send the last status of every order once (seed %i)',
  async (seed) => {
    const { brevo, store, worker } = await startBridge();
    const records = Array.from({ length: orders }, (_, order) =>
      statuses.map((status, at) =>
        sqsRecord(
          statusChanged({ orderId: String(order), status, visitorId: `visitor-${order}`, at: at * 1000 }),
        ),
      ),
    ).flat();

    const work = async (own: number) => {
      // Records that a worker could not finish are delivered again, as the queue would do.
      let waiting = shuffled([...records, ...records], own);
      while (waiting.length > 0) {
        const again: SQSRecord[] = [];
        for (const batch of batchesOf(waiting)) {
          const failed = (await processBatch(worker(), batch)).map(({ itemIdentifier }) => itemIdentifier);
          again.push(...batch.filter(({ messageId }) => failed.includes(messageId)));
        }
        waiting = again;
      }
    };
    await Promise.all([work(seed), work(-seed)]);

    for (let order = 0; order < orders; order++) {
      const notice = await store.read(`order:${order}`);
      expect(stateOf(notice)).toBe('settled');
      const messages = await brevo.messages(`visitor-${order}`);
      expect(messages.map(({ id }) => id)).toEqual(notice.messages.map(({ id }) => id));
      const texts = messages.map(({ text }) => text);
      expect(new Set(texts).size).toBe(texts.length);
      const shown = texts.map((text) => words.findIndex((word) => text.includes(word)));
      expect(shown).toEqual(shown.toSorted());
      expect(shown.at(-1)).toBe(4);
    }
    const requests = await brevo.requests();
    expect(requests.every((request) => request === 'POST created')).toBe(true);
  },
  60_000,
);
