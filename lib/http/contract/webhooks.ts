import * as z from 'zod/mini';
import { sourceNames } from '../../runtime/secrets.ts';
import { nothing, operation } from './operation.ts';

const taken = { description: 'What happened is on the event bus, or is nothing for the bridge.' };

export const receiveWebhook = operation({
  id: 'receiveWebhook',
  method: 'POST',
  path: '/webhooks/{source}',
  tag: 'Webhooks',
  summary: 'Take a webhook of a shop system, or of Brevo',
  description: `Sources: ${sourceNames.join(', ')}. Each is verified in its own way, by signature or secret, instead of the bearer token.`,
  request: {
    ...nothing,
    path: z.strictObject({ source: z.string() }),
    // Some senders carry their secret in it, others add what they like.
    query: z.record(z.string(), z.string()),
  },
  hasRawBody: true,
  answers: { 200: taken, 202: taken },
  problems: ['unauthorised', 'not-found', 'too-large', 'unavailable'],
  isOpen: true,
});

export const getOpenApi = operation({
  id: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  tag: 'This document',
  summary: 'Read this document',
  request: nothing,
  answers: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
  problems: [],
  isOpen: true,
});
