import * as z from 'zod/mini';
import { chatText, hasOneSender, line, ownReference } from '../../bus/fields.ts';
import * as fields from './fields.ts';
import { nothing, operation } from './operation.ts';

const tag = 'Pushed messages';
const byId = { ...nothing, path: fields.message };
const shown = {
  description: 'The message.',
  schema: fields.pushedMessage,
  example: { ...fields.messageExample, reference: fields.noticeExample.reference },
};

const idempotencyKey = z
  .string()
  .check(z.regex(/^[\x21-\x7e]{1,256}$/, { error: 'expected up to 256 visible characters' }));

export const postPushedMessage = operation({
  id: 'postPushedMessage',
  method: 'POST',
  path: '/pushed-messages',
  tag,
  summary: 'Send a message to a visitor',
  description:
    'A `reference` of your choice, or an `Idempotency-Key`, makes the request safe to repeat: a repeat sends nothing. Use the reference to read, change or withdraw the notice later.',
  request: {
    ...nothing,
    headers: z.object({ 'idempotency-key': z.optional(idempotencyKey) }),
    body: z
      .strictObject({
        visitorId: line,
        text: chatText,
        ...fields.sender,
        reference: z.optional(ownReference),
      })
      .check(hasOneSender),
  },
  example: {
    visitorId: fields.noticeExample.visitorId,
    text: fields.noticeExample.text,
    reference: fields.noticeExample.reference,
  },
  answers: {
    201: {
      ...shown,
      description: 'The message is in the chat.',
      headers: { location: 'Path of the message' },
    },
    200: {
      description: 'The request was accepted before, and its notice has been withdrawn since.',
      schema: fields.notice,
      example: { ...fields.noticeExample, state: 'settled' },
    },
    202: fields.waits,
  },
  problems: ['conflict', ...fields.problemsOfBrevo],
});

export const getPushedMessage = operation({
  id: 'getPushedMessage',
  method: 'GET',
  path: '/pushed-messages/{id}',
  tag,
  summary: 'Read a pushed message',
  description: 'Reads it from Brevo, and adds the reference of its notice.',
  request: byId,
  answers: { 200: shown },
  problems: ['not-found', ...fields.problemsOfBrevo],
});

export const updatePushedMessage = operation({
  id: 'updatePushedMessage',
  method: 'PUT',
  path: '/pushed-messages/{id}',
  tag,
  summary: 'Change the text of a pushed message',
  description:
    'If it is the newest message of a notice, the notice changes too: the new text overrides all events of the current status, and a later status is sent as a new message.',
  request: { ...byId, body: z.strictObject({ text: chatText }) },
  example: { text: 'The blue mug is sold out again.' },
  answers: { 200: shown, 202: fields.waits },
  problems: ['not-found', 'conflict', ...fields.problemsOfBrevo],
});

export const deletePushedMessage = operation({
  id: 'deletePushedMessage',
  method: 'DELETE',
  path: '/pushed-messages/{id}',
  tag,
  summary: 'Delete a pushed message',
  description:
    'Deletes this message only: other messages of its notice stay, and a later status is sent as a new message.',
  request: byId,
  answers: { 204: { description: 'The message is deleted.' }, 202: fields.waits },
  problems: ['not-found', ...fields.problemsOfBrevo],
});
