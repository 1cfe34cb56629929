import * as z from 'zod/mini';
import { chatText } from '../../bus/fields.ts';
import * as fields from './fields.ts';
import { nothing, operation } from './operation.ts';

const tag = 'Notices';
const byReference = { ...nothing, path: fields.reference };
const settled = {
  description: 'The notice; nothing is left to be done.',
  schema: fields.notice,
  example: {
    ...fields.noticeExample,
    state: 'settled',
    messages: [fields.messageExample.id],
    newestMessageId: fields.messageExample.id,
  },
};

/** A flag in the query: there, or `true`. */
const flag = z.pipe(
  z.enum(['', 'true', 'false']),
  z.transform((value) => value !== 'false'),
);

const limit = z.pipe(
  z.string().check(z.regex(/^([1-9]\d?|100)$/, { error: 'expected a number from 1 to 100' })),
  z.transform(Number),
);

export const listNotices = operation({
  id: 'listNotices',
  method: 'GET',
  path: '/notices',
  tag,
  summary: 'List the notices that wait, or those that need an operator',
  description:
    'Without `held`: what waits for the budget, for a pause to end or for a worker. With it: what is held until somebody answers with `resolve`. The more urgent come first.',
  request: {
    ...nothing,
    query: z.strictObject({
      held: z._default(flag, false),
      limit: z._default(limit, 25),
      cursor: z.optional(z.string()),
    }),
  },
  answers: {
    200: {
      description: 'A page of notices; with `cursor`, there may be more.',
      schema: z.object({ notices: z.array(fields.notice), cursor: z.optional(z.string()) }),
      example: { notices: [fields.noticeExample], cursor: 'eyJrZXkiOiJ…' },
    },
  },
  problems: [],
});

export const getNotice = operation({
  id: 'getNotice',
  method: 'GET',
  path: '/notices/{reference}',
  tag,
  summary: 'Read a notice by its reference',
  request: byReference,
  answers: { 200: { ...settled, description: 'The notice.' } },
  problems: ['not-found'],
});

export const updateNotice = operation({
  id: 'updateNotice',
  method: 'PUT',
  path: '/notices/{reference}',
  tag,
  summary: 'Change what a visitor should see',
  description:
    'Its newest message is edited, or, where there is none, the text is sent. It holds against all events of the present status; a later status is sent as a new message.',
  request: { ...byReference, body: z.strictObject({ text: chatText, ...fields.sender }) },
  example: { text: 'The blue mug is sold out again.' },
  answers: { 200: settled, 202: fields.waits },
  problems: ['not-found', 'conflict', 'brevo-failed'],
});

export const withdrawNotice = operation({
  id: 'withdrawNotice',
  method: 'DELETE',
  path: '/notices/{reference}',
  tag,
  summary: 'Withdraw a notice',
  description:
    'All its messages are deleted, and what waits is not sent. A later status is sent as a new message.',
  request: byReference,
  answers: { 200: settled, 202: fields.waits },
  problems: ['not-found', 'brevo-failed'],
});

export const resolveNotice = operation({
  id: 'resolveNotice',
  method: 'POST',
  path: '/notices/{reference}/resolve',
  tag,
  summary: 'Answer for a notice that is held',
  description:
    'Of a post of unknown outcome: `sent` (it is in the chat; with `messageId`, it can be changed later), `resend` (it is not, and is to be sent), `drop` (it is not, and need not be). Of a refusal of Brevo’s: `retry`.',
  request: {
    ...byReference,
    body: z
      .strictObject({
        action: z.enum(['sent', 'resend', 'drop', 'retry']),
        messageId: z.optional(fields.messageIdField),
      })
      .check(
        z.refine(({ action, messageId }) => messageId === undefined || action === 'sent', {
          path: ['messageId'],
          error: 'belongs to the action sent',
        }),
      ),
  },
  example: { action: 'resend' },
  answers: { 200: settled, 202: fields.waits },
  problems: ['not-found', 'conflict', 'brevo-failed'],
});
