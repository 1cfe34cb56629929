import { expect, test } from 'vitest';
import { claimsOf, type Measured } from '../../../tools/bench/claims.ts';

const start = (name: string, kind: 'function' | 'yardstick', loadMs: number, bytes = 100_000) => ({
  name,
  kind,
  file: '',
  bytes,
  gzipBytes: bytes / 3,
  loadMs,
  residentBytes: 0,
});

const warm = (contestant: string, load: string, cpuMs: number, requests: Record<string, number> = {}) => ({
  contestant,
  load,
  cpuMs,
  requests,
  eventsPerSecond: 0,
  p50: 0,
  p99: 0,
  units: 0,
  logged: 0,
});

const measured: Measured = {
  starts: [
    start('push-message', 'function', 40, 270_000),
    start('get-notice', 'function', 30, 120_000),
    start('ping-agent', 'function', 36, 120_000),
    start('official SDK alone', 'yardstick', 35, 480_000),
    start('baseline, queue', 'yardstick', 140, 3_600_000),
    start('baseline, HTTP', 'yardstick', 72, 3_600_000),
  ],
  first: [
    { contestant: 'push-message', totalMs: 150, cpuMs: 140 },
    { contestant: 'baseline, queue', totalMs: 200, cpuMs: 180 },
  ],
  warm: [
    warm('push-message', 'single', 4, { UpdateItem: 1, PutItem: 3 }),
    warm('push-message', 'batch', 3, { UpdateItem: 1, PutItem: 4 }),
    warm('push-message', 'again', 0.5, { UpdateItem: 1, GetItem: 1 }),
    warm('push-message, its own work', 'single', 0.3),
    warm('baseline, queue', 'single', 0.6),
  ],
  webhooks: [
    { source: 'shopify', median: 0.1, p99: 1 },
    { source: 'stripe', median: 0.15, p99: 1 },
  ],
};

const claim = (words: RegExp) => claimsOf(measured).find((each) => words.test(each.claim));

test('a claim about all functions is one about the worst of them, each beside its own kind', () => {
  expect(claim(/^load time of any function ÷ baseline/)?.measured).toBeCloseTo(36 / 72);
  expect(claim(/^load time of any function that publishes nothing/)?.measured).toBeCloseTo(36 / 35);
  expect(claim(/^own time of receive-webhook/)?.measured).toBe(0.15);
});

test('requests of all kinds count', () => {
  expect(claim(/fresh event that comes alone/)?.measured).toBe(4);
  expect(claim(/duplicate/)?.measured).toBe(2);
});

test('what was not measured proves nothing', () => {
  expect(() => claimsOf({ ...measured, first: [] })).toThrow('push-message, first was not measured');
});
