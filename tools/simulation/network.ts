/** The network between the functions and everything else, and the witness who watches it. */
import * as z from 'zod/mini';
import { type AwsRequest, type AwsResponse, textOf } from './aws.ts';
import type { Clock } from './clock.ts';
import type { Gate, Worker } from './gate.ts';
import { between, type Random } from './random.ts';

/** What lies between the functions and everything else. */
export interface Network {
  fetch: typeof fetch;
  dynamoDb: (request: AwsRequest) => Promise<AwsResponse>;
  aws: (request: AwsRequest) => Promise<AwsResponse>;
}

interface NetworkOptions {
  gate: Gate;
  random: Random;
  witness: Witness;
  /** The services behind the gate. Brevo's `fetch` passes it by itself. */
  services: Network;
}

/** Leads every call through the gate. */
export const createNetwork = ({ gate, random, witness, services }: NetworkOptions): Network => ({
  fetch: services.fetch,
  dynamoDb: (request) => {
    const worker = gate.worker();
    return gate.pass(async () => {
      const response = await services.dynamoDb(request);
      witness.onWrite(worker, request, response);
      // Indexes lag behind: what they say is old when it arrives.
      const isOld = request.headers['x-amz-target']?.endsWith('.Query') === true;
      return { afterMs: isOld ? between(random, 0, 1_000) : 0, read: () => response };
    });
  },
  aws: (request) =>
    gate.pass(async () => {
      const response = await services.aws(request);
      return { afterMs: 0, read: () => response };
    }),
});

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

/** Sees what no part of the bridge can know: which worker was killed in the middle of what. */
export const createWitness = (clock: Clock) => {
  /** The notices that each worker has claimed and not yet given back. */
  const claims = new Map<Worker, Set<string>>();
  const kills: { at: number; worker: Worker; claimed: string[] }[] = [];
  /** All that was ever written into notices, to look for the ids of messages in. */
  const written: string[] = [];
  const deadLetters: string[] = [];

  return {
    seen: { kills, written, deadLetters },
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
    onDeadLetter: (body: string): void => void deadLetters.push(body),
  };
};

export type Witness = ReturnType<typeof createWitness>;
