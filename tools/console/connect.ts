/** Connects the console to everything that runs: where its state comes from, and what its actions reach. */
import { sources } from '../../lib/sources/sources.ts';
import { orderStatuses } from '../../lib/texts/order-status.ts';
import { checkEvent, explainPayload, sendEvent } from './check-event.ts';
import type { Ready } from './console.ts';
import { createPutEvents, listSamples, type SeenEvents, sendSample } from './events.ts';
import { type Api, deliverNow, type RunFunction, resolveNotice, withdrawNotice } from './notices.ts';
import {
  createQueueReader,
  createStateReader,
  createTableReader,
  type LiveConfig,
  type Stack,
} from './read-state.ts';
import { beginOrder, chooseLocale, createShop, sendStatus } from './shop.ts';
import { chooseFault, choosePace, connectSimulation, write } from './simulation.ts';
import type { Service } from './state.ts';
import { type Trail, tellOutcome } from './trail.ts';

export interface Surroundings {
  /** The folder of the samples. */
  events: string;
  services: Service[];
  /** Opened with a token that the page never sees. */
  api: Api;
  runFunction: RunFunction;
  /** The simulated Brevo's control API, or the address of the real Brevo. */
  brevo: { control: string } | { real: string };
  stack: Stack;
  config: LiveConfig;
  seenEvents: SeenEvents;
  trail: Trail;
}

export const connectConsole = async (surroundings: Surroundings): Promise<Ready> => {
  const { events, services, api, runFunction, brevo, stack, config, seenEvents, trail } = surroundings;
  const samples = await listSamples(events);
  const readTable = createTableReader(stack);
  const readQueues = createQueueReader(stack);
  const shop = createShop();
  const simulation = 'control' in brevo ? connectSimulation(brevo.control) : undefined;
  const run = {
    services,
    samples,
    sources: Object.keys({ ...sources, ...config.current().sources }),
    statuses: orderStatuses,
    ...('real' in brevo && { realBrevo: brevo.real }),
  };
  const putEvents = createPutEvents(stack);
  return {
    read: createStateReader({ run, config, readTable, readQueues, shop, seenEvents, simulation }),
    actions: {
      order: sendStatus(putEvents, async () => shop.orders((await readTable()).notices)),
      'new-order': beginOrder(shop, readTable),
      locale: chooseLocale(shop),
      'check-event': checkEvent(config.current),
      explain: explainPayload(config.current),
      event: sendEvent(putEvents, config.current),
      outcome: tellOutcome(trail, readQueues, readTable),
      sample: sendSample({ folder: events, samples, putEvents, httpApi: api.url }),
      resolve: resolveNotice(api),
      withdraw: withdrawNotice(api),
      deliver: deliverNow(runFunction, stack.functions),
      ...(simulation !== undefined && {
        fault: chooseFault(simulation),
        pace: choosePace(simulation, config.override),
        write: write(simulation),
      }),
    },
  };
};
