import * as z from 'zod/mini';
import { nothing, operation } from './operation.ts';

const taken = { description: 'The events of the webhook are on the event bus, or the bridge ignores it.' };

/** What the webhooks of all sources have in common. */
export const receiveWebhook = operation({
  id: 'receiveWebhook',
  method: 'POST',
  path: '/webhooks/{source}',
  tag: 'Webhooks',
  summary: 'Receive a webhook from a shop system or from Brevo',
  description: 'A webhook is verified by the signature or secret of its source, not by a bearer token.',
  request: {
    // The function reads the raw body, which the signature covers.
    ...nothing,
    // Some senders put their secret into the query, others add parameters of their own.
    query: z.record(z.string(), z.string()),
  },
  rawBody: 'The webhook exactly as its source sends it. WooCommerce’s ping is a form.',
  answers: { 200: taken, 202: taken },
  problems: ['unauthorised', 'not-found', 'too-large', 'unavailable'],
  isOpen: true,
  isForServers: true,
});

/** A route for each source, and so a throttle for each: junk to one costs no delivery of another. */
export const webhookRoutes = (sources: readonly string[]) =>
  sources.map((name) => ({
    ...receiveWebhook,
    id: `receive${name.charAt(0).toUpperCase()}${name.slice(1)}Webhook`,
    path: `/webhooks/${name}`,
  }));

export const getOpenApi = operation({
  id: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  tag: 'This document',
  summary: 'Read this document',
  description: 'Needs no token.',
  request: nothing,
  answers: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
  problems: [],
  isOpen: true,
});
