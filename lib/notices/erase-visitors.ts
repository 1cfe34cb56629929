import { messages } from '../runtime/log.ts';
import { eraseSome } from './erasure.ts';
import type { Worker } from './reconcile.ts';

/** Goes on with all erasures under way, as far as budget and time allow. One that fails holds up no other. */
export const eraseVisitors = async (worker: Worker): Promise<void> => {
  if (!worker.hasTime()) return;
  for (const erasure of await worker.store.erasures.all()) {
    try {
      await eraseSome(worker, erasure);
    } catch (error) {
      worker.logger.error(messages.notErased, { reason: String(error) });
    }
  }
};
