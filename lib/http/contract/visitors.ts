import * as z from 'zod/mini';
import { line } from '../../bus/fields.ts';
import * as fields from './fields.ts';
import { nothing, operation } from './operation.ts';

const tag = 'Erasures';
/** Not part of a path, which cannot carry every visitor id unchanged. */
const visitor = z.strictObject({ visitorId: line });

const progress = z.object({
  visitorId: z.string(),
  requestedAt: z.iso.datetime(),
  /** Notices that are still stored. */
  notices: z.int(),
  /** Messages that are still in the chat. */
  messages: z.int(),
  /** Posts whose outcome is unknown. If such a message is in the chat, the bridge cannot delete it. */
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
  method: 'POST',
  path: '/erasures',
  tag,
  summary: 'Erase a visitor',
  description:
    'Deletes every message that the bridge pushed to the visitor in Brevo, then everything that the bridge stores about the visitor. Events that arrive in the meantime are not sent.',
  request: { ...nothing, body: visitor },
  example: { visitorId: example.visitorId },
  answers: {
    202: {
      description:
        'The erasure is in progress. `unreachable` counts messages that may be in the chat but cannot be deleted, because their ids are unknown.',
      schema: progress,
      example,
      headers: { location: 'Path of the progress' },
    },
  },
  problems: [],
});

export const getErasure = operation({
  id: 'getErasure',
  method: 'GET',
  path: '/erasures',
  tag,
  summary: 'Read the progress of an erasure',
  description: 'An erasure that has ended is not found.',
  request: { ...nothing, query: visitor },
  answers: { 200: { description: 'The erasure is in progress.', schema: progress, example } },
  problems: ['not-found'],
});
