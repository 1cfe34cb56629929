/** What a sender is, the bridge as one, and what those share that call Brevo without the bridge. */
import * as z from 'zod/mini';
import { orderStatuses } from '../../../lib/texts/order-status.ts';
import { apiKey, installBridge, patienceMs } from '../../simulation/bridge.ts';
import type { Clock } from '../../simulation/clock.ts';
import { agents, createConfig, textOf } from '../../simulation/config.ts';
import type { Gate } from '../../simulation/gate.ts';
import type { Witness } from '../../simulation/network.ts';
import type { Random } from '../../simulation/random.ts';

/** What a sender finds: the time, the network to the simulated Brevo, and chance. */
export interface Stage {
  clock: Clock;
  gate: Gate;
  witness: Witness;
  /** A stream of random numbers for each purpose. */
  random: (purpose: string) => Random;
  /** Leads to the simulated Brevo. */
  fetch: typeof fetch;
}

/** Brings the shop's events to the chat, and keeps the agents online. */
export interface Sender {
  name: string;
  /** How long it waits for an answer of Brevo's. Milliseconds. */
  patienceMs: number;
  /** @returns what takes an event from the bus, as EventBridge hands it on */
  install: (stage: Stage) => Promise<(event: string) => void>;
}

/** The bridge: each status a message of its own, as the other senders have it. */
export const bridge: Sender = {
  name: 'the bridge',
  patienceMs,
  install: async (stage) => {
    const requests = { limit: 100, window: 3600, scope: 'account', unknown: 'hold', freshness: 24 } as const;
    const { add } = await installBridge({ ...stage, config: createConfig(requests, {}) });
    return add;
  },
};

const envelope = z.object({
  detail: z.object({
    data: z.object({
      orderId: z.string(),
      status: z.enum(orderStatuses),
      trackingNumber: z.string(),
      visitorId: z.string(),
    }),
  }),
});

/** A request of a sender without memory: an event is a message. */
export interface NaiveRequest {
  url: string;
  init: RequestInit & { method: string; body: string };
}

const request = (path: string, body: object): NaiveRequest => ({
  url: `http://brevo.simulated/v3/conversations/${path}`,
  init: {
    method: 'POST',
    headers: { 'api-key': apiKey, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  },
});

/** The message that an event asks for, as EventBridge hands it on. */
export const messageRequest = (event: string): NaiveRequest => {
  const { orderId, status, trackingNumber, visitorId } = envelope.parse(JSON.parse(event)).detail.data;
  return request('pushedMessages', { visitorId, text: textOf(status, orderId, trackingNumber) });
};

const everyMs = 2 * 60_000;
const hourMs = 3_600_000;

/** Pings each agent on shift every second minute: each minute, as Brevo recommends, would take more than the limit for two. */
export const startPings = (clock: Clock, send: (ping: NaiveRequest) => void): void => {
  const tick = () => {
    const hour = (clock.now() / hourMs) % 24;
    for (const { id, from, to } of agents)
      if (hour >= from && hour < to) send(request('agentOnlinePing', { agentId: id }));
    clock.after(everyMs, tick);
  };
  clock.after(everyMs - (clock.now() % everyMs), tick);
};
