/** A Lambda behind a queue that calls Brevo's official SDK: what most would write. */
import type { SQSEvent } from 'aws-lambda';
import { createFunction } from '../../simulation/function.ts';
import { createQueue } from '../../simulation/queue.ts';
import type { Random } from '../../simulation/random.ts';
import { messageRequest, type NaiveRequest, type Sender, type Stage, startPings } from './sender.ts';

/** @getbrevo/brevo 6.0.3: retries two times on these statuses, POST included, after one second, then two. */
const retries = 2;
const isRetried = (status: number): boolean => status === 408 || status === 429 || status >= 500;
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;
const jitter = 0.2;

const delayMs = (headers: Headers, attempt: number, now: number, random: Random): number => {
  const retryAfter = Number.parseInt(headers.get('retry-after') ?? '', 10);
  if (retryAfter > 0) return Math.min(retryAfter * 1_000, longestDelayMs);
  const reset = Number.parseInt(headers.get('x-ratelimit-reset') ?? '', 10) * 1_000 - now;
  if (reset > 0) return Math.min(reset, longestDelayMs) * (1 + random() * jitter);
  return Math.min(firstDelayMs * 2 ** attempt, longestDelayMs) * (1 + (random() - 0.5) * jitter);
};

/** One call of the SDK. It throws what its caller would have to handle. */
const createSdk =
  ({ clock, fetch, random }: Pick<Stage, 'clock' | 'fetch'> & { random: Random }) =>
  async ({ url, init }: NaiveRequest): Promise<void> => {
    let response = await fetch(url, init);
    for (let attempt = 0; attempt < retries && isRetried(response.status); attempt++) {
      await clock.sleep(delayMs(response.headers, attempt, clock.now(), random));
      response = await fetch(url, init);
    }
    if (!response.ok) throw new Error(`Brevo answered ${response.status}`);
  };

const functionTimeoutMs = 120_000;

export const sdkFunction: Sender = {
  name: 'Lambda with the official SDK',
  patienceMs: 60_000,
  install: async (stage) => {
    const { clock, gate, witness, random } = stage;
    const call = createSdk({ ...stage, random: random('sdk') });
    const lambda = <Event>(name: string, handle: (event: Event) => Promise<unknown>) =>
      createFunction<Event>({
        clock,
        gate,
        name,
        timeoutMs: functionTimeoutMs,
        createHandler: () => handle,
      });
    // Each message by itself, the failed ones reported: the others of a batch are not sent again.
    const consumer = lambda('send-message', async ({ Records }: SQSEvent) => {
      const batchItemFailures: { itemIdentifier: string }[] = [];
      for (const { messageId, body } of Records) {
        try {
          await call(messageRequest(body));
        } catch {
          batchItemFailures.push({ itemIdentifier: messageId });
        }
      }
      return { batchItemFailures };
    });
    const queue = createQueue({
      clock,
      random: random('queue'),
      consumer,
      onDeadLetter: witness.onDeadLetter,
    });
    const pinger = lambda('ping', call);
    startPings(clock, (ping) => void pinger.invoke(ping));
    return queue.add;
  },
};
