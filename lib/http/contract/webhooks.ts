import * as z from 'zod/mini';
import { noBody, noParameters, operation, rawBody } from './operation.ts';

const taken = { description: 'What happened is on the event bus, or is nothing for the bridge.' };

export const receiveWebhook = operation({
  id: 'receiveWebhook',
  method: 'POST',
  path: '/webhooks/{source}',
  tag: 'Webhooks',
  summary: 'Take a webhook of a shop system, or of Brevo',
  description:
    'Sources: `shopify`, `woocommerce`, `stripe`, `standard` (Standard Webhooks) and `brevo`. Each proves itself in its own way, by signature or secret, instead of the bearer token.',
  parameters: {
    ...noParameters,
    path: z.strictObject({ source: z.string() }),
    // Some senders carry their secret in it, others add what they like.
    query: z.record(z.string(), z.string()),
  },
  body: rawBody,
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
  parameters: noParameters,
  body: noBody,
  answers: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
  problems: [],
  isOpen: true,
});
