import * as z from 'zod/mini';
import type { RunFunction } from '../../aws/lambda.ts';
import type { Stack } from '../../aws/stack.ts';
import { type Act, action, NotDone } from '../act.ts';

/** Delivers what waits, rather than at the schedule's next minute. */
export function deliverNow(runFunction: RunFunction, { functions }: Pick<Stack, 'functions'>): Act {
  const deliverPending = functions.find(({ name }) => name.endsWith('-deliver-pending'));
  return action(z.object({}), async () => {
    if (deliverPending === undefined) throw new NotDone('There is no function deliver-pending');
    await runFunction(deliverPending.name, {});
    return 'deliver-pending has run.';
  });
}
