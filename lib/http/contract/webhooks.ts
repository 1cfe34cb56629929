import * as z from 'zod/mini';
import { nothing, type Operation, operation } from './operation.ts';

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

/** For sources whose shops ask which secret to sign with. */
export const registerSource = operation({
  id: 'registerSource',
  method: 'GET',
  path: '/webhooks/{source}',
  tag: 'Webhooks',
  summary: 'Register a shop, as Shopware asks for it',
  description:
    'Proven by the signature of the query, not by a bearer token. The answer holds the secret of the shop’s webhooks.',
  request: { ...nothing, query: z.record(z.string(), z.string()) },
  answers: {
    200: { description: 'What the shop expects.', schema: z.record(z.string(), z.string()) },
  },
  problems: ['unauthorised', 'not-found'],
  isOpen: true,
  isForServers: true,
});

type Sources = Readonly<Record<string, { register?: unknown }>>;

/** Routes for each source, and so throttles for each: junk to one costs no delivery of another. */
export const webhookRoutes = (sources: Sources): Operation[] =>
  Object.entries(sources).flatMap(([name, { register }]) => {
    const capitalised = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const path = `/webhooks/${name}`;
    const receiving = { ...receiveWebhook, id: `receive${capitalised}Webhook`, path };
    const registering = { ...registerSource, id: `register${capitalised}`, path };
    return register === undefined ? [receiving] : [receiving, registering];
  });

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
