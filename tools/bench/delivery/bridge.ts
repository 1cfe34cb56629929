import { createConfig } from '../../simulation/config.ts';
import { installBridge, patienceMs } from '../../simulation/install.ts';
import type { Sender } from './stage.ts';

/** The bridge: each status a message of its own, as the other senders have it. */
export const bridge: Sender = {
  name: 'the bridge',
  patienceMs,
  install: async (stage) => {
    const requests = { limit: 100, window: 3600, scope: 'account', unknown: 'hold', freshness: 24 } as const;
    const { add } = await installBridge({ ...stage, config: createConfig(requests, {}) });
    return add;
  },
};
