/** Sees what no part of the bridge can tell: who was killed in the middle of what. */
import * as z from 'zod/mini';
import { type AwsRequest, type AwsResponse, textOf } from './aws-settings.ts';
import type { Clock } from './clock.ts';
import type { Ending, Worker } from './gate.ts';

const key = z.object({ key: z.object({ S: z.string() }) });
const lease = z.optional(z.unknown());

/** A write into a notice, as the database sees it: a whole item, or an update. */
const write = z.union([
  z.object({ Item: z.extend(key, { lease }) }),
  z.object({
    Key: key,
    UpdateExpression: z.string(),
    ExpressionAttributeValues: z.object({ ':lease': lease }),
  }),
]);

export const createWitness = (clock: Clock) => {
  /** The notices that each worker has claimed and not yet given back. */
  const claims = new Map<Worker, Set<string>>();
  const kills: { at: number; worker: Worker; claimed: string[] }[] = [];
  const failures: { at: number; name: string; reason: string }[] = [];
  /** All that was ever written into notices, to look for the ids of messages in. */
  const written: string[] = [];
  const deadLetters: string[] = [];

  return {
    seen: { kills, failures, written, deadLetters },
    onWrite: (worker: Worker | undefined, request: AwsRequest, { statusCode }: AwsResponse): void => {
      const text = textOf(request);
      if (worker === undefined || statusCode !== 200 || !text.includes('"notice#')) return;
      const { data } = write.safeParse(JSON.parse(text));
      if (data === undefined) return;
      written.push(text);
      const name = 'Item' in data ? data.Item.key.S : data.Key.key.S;
      const isClaimed =
        ('Item' in data ? data.Item.lease : data.ExpressionAttributeValues[':lease']) !== undefined;
      const claimed = claims.get(worker) ?? new Set();
      claims.set(worker, claimed);
      if (isClaimed) claimed.add(name.slice('notice#'.length));
      else claimed.delete(name.slice('notice#'.length));
    },
    onKill: (worker: Worker): void => {
      kills.push({ at: clock.now(), worker, claimed: [...(claims.get(worker) ?? [])] });
    },
    onEnd: (name: string, ending: Ending<unknown>): void => {
      if (ending.kind === 'timed-out') failures.push({ at: clock.now(), name, reason: 'timed out' });
      if (ending.kind === 'failed') failures.push({ at: clock.now(), name, reason: String(ending.error) });
    },
    onDeadLetter: (body: string): void => void deadLetters.push(body),
  };
};

export type Witness = ReturnType<typeof createWitness>;
