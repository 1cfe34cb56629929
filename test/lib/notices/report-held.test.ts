import { expect, test } from 'vitest';
import { deliverPending, reportHeld } from '../../../lib/notices/sweep.ts';
import { startBridge } from '../../support/bridge.ts';
import { incomingOrder } from '../../support/incoming.ts';

test('what needs an operator is measured as long as it does, the doubtful apart from the refused', async () => {
  const { brevo, store, worker } = await startBridge();
  const measured = async () => {
    const measuring = worker();
    await reportHeld(measuring);
    const { UnknownHeld, RefusedHeld } = measuring.metrics.serializeMetrics();
    return { UnknownHeld, RefusedHeld };
  };
  for (const reference of ['lost-1', 'lost-2', 'refused', 'told'])
    await store.record(incomingOrder({ reference, text: reference }));
  expect(await measured()).toEqual({ UnknownHeld: 0, RefusedHeld: 0 });

  await brevo.control('faults', [
    { match: { method: 'POST', body: 'lost' }, times: 2, kind: 'reset-after' },
    { match: { method: 'POST', body: 'refused' }, kind: 'status', status: 400 },
  ]);
  await deliverPending(worker());
  expect(await measured()).toEqual({ UnknownHeld: 2, RefusedHeld: 1 });
  expect(await measured()).toEqual({ UnknownHeld: 2, RefusedHeld: 1 });
});
