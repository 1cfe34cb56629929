/** Connects the console to everything that runs: where its state comes from, and what its actions reach. */
import { orderStatuses } from '../../lib/texts/order-status.ts';
import type { RunFunction } from '../aws/lambda.ts';
import type { Stack } from '../aws/stack.ts';
import { deliverNow } from './actions/deliver.ts';
import { type Api, resolveNotice, withdrawNotice } from './actions/operate.ts';
import { tellStatus } from './actions/order-news.ts';
import { checkEvent, sendEvent } from './actions/own-event.ts';
import { choosePace } from './actions/pace.ts';
import { createPutEvents } from './actions/put-events.ts';
import { sendSample } from './actions/sample.ts';
import { beginOrder, speak } from './actions/shop.ts';
import { write } from './actions/write.ts';
import type { Ready } from './console.ts';
import { chooseFault } from './faults.ts';
import { listSamples } from './samples.ts';
import { connectSimulation } from './simulation.ts';
import { createStateReader, type LiveConfig } from './state/read-state.ts';
import type { SeenEvents } from './state/seen-events.ts';
import { createShop } from './state/shop.ts';
import { createTableReader } from './state/table.ts';
import type { Service } from './state.ts';

export type Surroundings = {
  /** Where the samples lie. */
  events: string;
  services: Service[];
  /** Opened with a token that the page never sees. */
  api: Api;
  runFunction: RunFunction;
  /** The simulated Brevo's control API, or the address of the real Brevo. */
  brevo: { control: string } | { real: string };
  stack: Pick<Stack, 'urls' | 'buses' | 'queues' | 'functions' | 'mappings'>;
  config: LiveConfig;
  seenEvents: SeenEvents;
};

export async function connectConsole(surroundings: Surroundings): Promise<Ready> {
  const { events, services, api, runFunction, brevo, stack, config, seenEvents } = surroundings;
  const samples = await listSamples(events);
  const readTable = createTableReader(stack);
  const shop = createShop();
  const simulation = 'control' in brevo ? connectSimulation(brevo.control) : undefined;
  const run = {
    services,
    samples,
    statuses: orderStatuses,
    ...('real' in brevo && { realBrevo: brevo.real }),
  };
  const putEvents = createPutEvents(stack);
  return {
    read: createStateReader({ run, stack, config, readTable, shop, seenEvents, simulation }),
    actions: {
      order: tellStatus(putEvents, async () => shop.orders((await readTable()).notices)),
      'new-order': beginOrder(shop, readTable),
      locale: speak(shop),
      'check-event': checkEvent,
      event: sendEvent(putEvents),
      sample: sendSample({ folder: events, samples, putEvents, httpApi: api.url }),
      resolve: resolveNotice(api),
      withdraw: withdrawNotice(api),
      deliver: deliverNow(runFunction, stack),
      ...(simulation !== undefined && {
        fault: chooseFault(simulation),
        pace: choosePace(simulation, config.override),
        write: write(simulation),
      }),
    },
  };
}
