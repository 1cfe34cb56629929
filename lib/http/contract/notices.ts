import * as z from 'zod/mini';
import { chatText, hasOneSender } from '../../bus/fields.ts';
import * as fields from './fields.ts';
import { nothing, operation } from './operation.ts';

const tag = 'Notices';
const byReference = { ...nothing, path: fields.reference };
const settled = {
  description: 'The notice. Nothing is left to do.',
  schema: fields.notice,
  example: {
    ...fields.noticeExample,
    state: 'settled',
    messages: [fields.messageExample.id],
    newestMessageId: fields.messageExample.id,
  },
};

/** A flag in the query: `?held`, or `?held=true`. */
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
  summary: 'List the notices that wait',
  description:
    'Without a flag: notices that wait for the request budget, for the end of a pause or for a worker. With `held`: notices that are held until an operator resolves them. With `unaddressed`: notices that wait for an event that names the visitor. The most urgent come first.',
  request: {
    ...nothing,
    query: z.pipe(
      z
        .strictObject({
          held: z._default(flag, false),
          unaddressed: z._default(flag, false),
          limit: z._default(limit, 25),
          cursor: z.optional(z.string()),
        })
        .check(
          z.refine(({ held, unaddressed }) => !(held && unaddressed), {
            path: ['unaddressed'],
            error: 'cannot be combined with held',
          }),
        ),
      z.transform(({ held, unaddressed, ...page }) => ({
        ...page,
        queue: held ? ('held' as const) : unaddressed ? ('unaddressed' as const) : ('due' as const),
      })),
    ),
  },
  answers: {
    200: {
      description: 'A page of notices. If `cursor` is present, there may be more.',
      schema: z.object({ notices: z.array(fields.notice), cursor: z.optional(z.string()) }),
      example: { notices: [fields.noticeExample], cursor: 'eyJrZXkiOiJ…' },
    },
  },
  problems: [],
});

export const retryNotices = operation({
  id: 'retryNotices',
  method: 'POST',
  path: '/notices/retry',
  tag,
  summary: 'Retry all notices that Brevo refused',
  description:
    'For use after the cause is repaired. The notices become due again, and are delivered as the request budget allows. Notices whose outcome is unknown stay held.',
  request: nothing,
  answers: {
    202: {
      description:
        'Accepted. `retried` is the number of notices that are due again. If `more` is true, there was no time for all of them: repeat the request.',
      schema: z.object({ retried: z.int(), more: z.boolean() }),
      example: { retried: 240, more: false },
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
  description: 'What should be in the chat, what is known to be there, and what is still to be done.',
  request: byReference,
  answers: { 200: { ...settled, description: 'The notice.' } },
  problems: ['not-found'],
});

export const updateNotice = operation({
  id: 'updateNotice',
  method: 'PUT',
  path: '/notices/{reference}',
  tag,
  summary: 'Change the text of a notice',
  description:
    'Edits the newest message, or sends the text if there is none. The new text overrides all events of the current status; a later status is sent as a new message.',
  request: { ...byReference, body: z.strictObject({ text: chatText, ...fields.sender }).check(hasOneSender) },
  example: { text: 'The blue mug is sold out again.' },
  answers: { 200: settled, 202: fields.waits },
  problems: ['not-found', 'conflict', 'brevo-refused', 'brevo-failed'],
});

export const withdrawNotice = operation({
  id: 'withdrawNotice',
  method: 'DELETE',
  path: '/notices/{reference}',
  tag,
  summary: 'Withdraw a notice',
  description:
    'Deletes all messages of the notice, and does not send a waiting message. A later status is sent as a new message.',
  request: byReference,
  answers: { 200: settled, 202: fields.waits },
  problems: ['not-found', 'conflict', 'brevo-failed'],
});

export const resolveNotice = operation({
  id: 'resolveNotice',
  method: 'POST',
  path: '/notices/{reference}/resolve',
  tag,
  summary: 'Resolve a held notice',
  description:
    'For a message whose outcome is unknown: `sent` (it is in the chat; with `messageId`, it can be changed later), `resend` (it is not in the chat: send it again) or `drop` (it is not in the chat: do not send it). For a request that Brevo refused: `retry`.',
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
          error: 'is only allowed with the action sent',
        }),
      ),
  },
  example: { action: 'resend' },
  answers: { 200: settled, 202: fields.waits },
  // 405: its route takes every POST below /notices/.
  problems: ['not-found', 'method-not-allowed', 'conflict', 'brevo-refused', 'brevo-failed'],
});
