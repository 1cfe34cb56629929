import * as z from 'zod/mini';
import * as fields from './fields.ts';
import { nothing, operation } from './operation.ts';

const tag = 'Visitors';
const byId = { ...nothing, path: fields.visitor };

const progress = z.object({
  visitorId: z.string(),
  requestedAt: z.iso.datetime(),
  /** Notices that are still stored. */
  notices: z.int(),
  /** Messages that still stand in the chat. */
  messages: z.int(),
  /** Posts whose outcome nobody knows: such a message, if there is one, cannot be deleted. */
  unreachable: z.int(),
});

const example = {
  visitorId: fields.noticeExample.visitorId,
  requestedAt: '2026-03-02T12:00:00.000Z',
  notices: 2,
  messages: 3,
  unreachable: 0,
};

export const eraseVisitor = operation({
  id: 'eraseVisitor',
  method: 'DELETE',
  path: '/visitors/{visitorId}',
  tag,
  summary: 'Erase a visitor',
  description:
    'Every message that the bridge pushed to the visitor is deleted in Brevo, then every trace of the visitor here. What the shop reports meanwhile is not sent.',
  request: byId,
  answers: {
    202: {
      description: 'Begun. `unreachable` posts cannot be found to be deleted.',
      schema: progress,
      example,
    },
  },
  problems: [],
});

export const getErasure = operation({
  id: 'getErasure',
  method: 'GET',
  path: '/visitors/{visitorId}',
  tag,
  summary: 'See how far the erasure of a visitor is',
  request: byId,
  answers: { 200: { description: 'It goes on.', schema: progress, example } },
  problems: ['not-found'],
});
