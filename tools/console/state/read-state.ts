import type { Config } from '../../../lib/config/config.ts';
import type { Stack } from '../../aws/stack.ts';
import { currentFault } from '../faults.ts';
import type { Simulation } from '../simulation.ts';
import type { Reload, Run, State } from '../state.ts';
import { showBudget } from './budget.ts';
import { readChat } from './chat.ts';
import { listNotices } from './notices.ts';
import { showPresence } from './presence.ts';
import { createQueueReader } from './queue.ts';
import type { SeenEvents } from './seen-events.ts';
import type { Shop } from './shop.ts';
import type { Stored } from './table.ts';

/** The configuration as the functions have it now. */
export interface LiveConfig {
  current: () => Config;
  lastReload: () => Reload | undefined;
  /** Gives the functions other `requests` until the next call; `undefined` gives them those of bridge.config.ts again. */
  override: (requests: Config['requests'] | undefined) => Promise<void>;
  overridden: () => Config['requests'] | undefined;
}

export type StateSources = {
  run: Run;
  stack: Pick<Stack, 'urls' | 'queues' | 'mappings'>;
  config: Pick<LiveConfig, 'current' | 'lastReload' | 'overridden'>;
  readTable: () => Promise<Stored>;
  shop: Shop;
  seenEvents: SeenEvents;
  simulation: Simulation | undefined;
};

/** Puts together what the page shows. */
export function createStateReader(sources: StateSources): () => Promise<State> {
  const { run, config, readTable, shop, seenEvents, simulation } = sources;
  const readQueues = createQueueReader(sources.stack);
  return async () => {
    const [{ notices, budget }, queue, simulated] = await Promise.all([
      readTable(),
      readQueues(),
      simulation && readSimulation(simulation),
    ]);
    const now = Date.now();
    const current = config.current();
    const reload = config.lastReload();
    return {
      run,
      configuration: {
        locales: Object.keys(current.texts),
        isPaced: config.overridden() !== undefined,
        ...(reload !== undefined && { reload }),
      },
      orders: shop.orders(notices),
      bus: seenEvents.bus(),
      queue,
      notices: listNotices(notices),
      budget: showBudget(current, budget, now),
      presence: showPresence(current, budget, now),
      ...simulated,
    };
  };
}

async function readSimulation(simulation: Simulation): Promise<Required<Pick<State, 'chat' | 'brevo'>>> {
  const [chat, fault] = await Promise.all([readChat(simulation), currentFault(simulation)]);
  return { chat, brevo: fault === undefined ? {} : { fault } };
}
