/** The requests of a sender without memory: an event is a message. */
import * as z from 'zod/mini';
import { orderStatuses } from '../../../lib/texts/order-status.ts';
import { textOf } from '../../simulation/config.ts';
import { apiKey } from '../../simulation/install.ts';

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

/** The message that tells of an event, as EventBridge hands it on. */
export const messageRequest = (event: string): NaiveRequest => {
  const { orderId, status, trackingNumber, visitorId } = envelope.parse(JSON.parse(event)).detail.data;
  return request('pushedMessages', { visitorId, text: textOf(status, orderId, trackingNumber) });
};

export const pingRequest = (agentId: string): NaiveRequest => request('agentOnlinePing', { agentId });
