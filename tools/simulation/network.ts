/** The network between the functions and everything else, and the witness who watches it. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { toNotice } from '../../lib/notices/item.ts';
import { type Notice, stateOf } from '../../lib/notices/notice.ts';
import { type AwsRequest, type AwsResponse, operationOf, textOf } from './aws.ts';
import { type AwsTrouble, frozenMs, heardOf, isApplied } from './aws-trouble.ts';
import type { Clock } from './clock.ts';
import type { Gate, Reply, Worker } from './gate.ts';
import { between, type Random } from './random.ts';

/** What lies between the functions and everything else. */
export interface Network {
  fetch: typeof fetch;
  dynamoDb: (request: AwsRequest) => Promise<AwsResponse>;
  aws: (request: AwsRequest) => Promise<AwsResponse>;
}

/** Puts something between the functions and the network. */
export type Alter = (network: Network, clock: Clock) => Network;

interface NetworkOptions {
  clock: Clock;
  gate: Gate;
  random: Random;
  witness: Witness;
  trouble: AwsTrouble;
  /** The services behind the gate. Brevo's `fetch` passes it by itself. */
  services: Network;
}

/** Leads every call through the gate. */
export const createNetwork = (options: NetworkOptions): Network => {
  const { clock, gate, random, witness, trouble, services } = options;

  /** A call of a service, with what may go wrong on the way. */
  const call = (
    service: 'dynamodb' | 'other',
    handle: (worker: Worker | undefined) => Promise<Reply<AwsResponse>>,
  ): Promise<AwsResponse> => {
    const worker = gate.worker();
    return gate.pass(async () => {
      const fault = trouble.faultFor(worker, service, clock.now());
      if (fault !== undefined) witness.onAwsFault(worker);
      const reply = isApplied(fault) ? await handle(worker) : undefined;
      if (worker !== undefined && trouble.freezes()) gate.freeze(worker, frozenMs);
      return fault === undefined && reply !== undefined ? reply : heardOf(fault ?? 'error', service);
    });
  };

  return {
    fetch: services.fetch,
    dynamoDb: (request) =>
      call('dynamodb', async (worker) => {
        const response = await services.dynamoDb(request);
        witness.onWrite(worker, request, response);
        // Indexes lag behind: what they say is old when it arrives.
        const isOld = operationOf(request) === 'Query';
        return { afterMs: isOld ? between(random, 0, 1_000) : 0, read: () => response };
      }),
    aws: (request) =>
      call('other', async () => {
        const response = await services.aws(request);
        return { afterMs: 0, read: () => response };
      }),
  };
};

const written = z.object({
  Item: z.optional(z.record(z.string(), z.custom<AttributeValue>())),
  Attributes: z.optional(z.record(z.string(), z.custom<AttributeValue>())),
});

/** The notice that a request wrote, as the database holds it now: a whole item, or an update that returns one. */
const writtenNotice = (request: AwsRequest, { body }: AwsResponse): Notice | undefined => {
  const isUpdate = operationOf(request) === 'UpdateItem';
  const text = isUpdate ? new TextDecoder().decode(body) : textOf(request);
  const { Item, Attributes = Item } = written.parse(JSON.parse(text));
  return Attributes?.key?.S?.startsWith('notice#') === true ? toNotice(Attributes) : undefined;
};

const visitorErased = z.object({ data: z.object({ visitorId: z.string(), unreachable: z.number() }) });

/** Sees what no part of the bridge can know: which worker was killed in the middle of what. */
export const createWitness = (clock: Clock) => {
  /** The notices that each worker has claimed and not yet given back. */
  const claims = new Map<Worker, Set<string>>();
  const kills: { at: number; worker: Worker; claimed: string[] }[] = [];
  /** All that was ever written into notices, to look for the ids of messages in. */
  const written: string[] = [];
  const deadLetters: string[] = [];
  /** The erasures that the bridge has reported as complete. */
  const erased: { at: number; visitorId: string; unreachable: number }[] = [];
  const awsFaults: { at: number; worker: Worker | undefined }[] = [];

  return {
    seen: { kills, written, deadLetters, awsFaults, erased },
    onWrite: (worker: Worker | undefined, request: AwsRequest, response: AwsResponse): void => {
      const text = textOf(request);
      if (worker === undefined || response.statusCode !== 200 || !text.includes('"notice#')) return;
      const notice = writtenNotice(request, response);
      if (notice === undefined) return;
      written.push(text);
      const claimed = claims.get(worker) ?? new Set();
      claims.set(worker, claimed);
      if (stateOf(notice) === 'sending') claimed.add(notice.reference);
      else claimed.delete(notice.reference);
    },
    onKill: (worker: Worker): void => {
      kills.push({ at: clock.now(), worker, claimed: [...(claims.get(worker) ?? [])] });
    },
    onAwsFault: (worker: Worker | undefined): void => void awsFaults.push({ at: clock.now(), worker }),
    onPublished: (type: string, detail: string): void => {
      if (type !== 'visitor.erased') return;
      erased.push({ at: clock.now(), ...visitorErased.parse(JSON.parse(detail)).data });
    },
    onDeadLetter: (body: string): void => void deadLetters.push(body),
  };
};

export type Witness = ReturnType<typeof createWitness>;
