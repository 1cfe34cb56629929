import * as z from 'zod/mini';
import type { Config } from '../../../lib/config/config.ts';
import { defaultLimit } from '../../brevo/limit.ts';
import { type Act, action } from '../act.ts';
import type { Simulation } from '../simulation.ts';

/** Few enough requests, in a window short enough, to watch how they are shared out. */
const tight: Config['requests'] = { limit: 5, windowSeconds: 60, scope: 'account' };

/**
 * Lets Brevo allow five requests a minute, and the bridge know that window, which no answer of Brevo's names. At no
 * moment does the bridge count in a long window what it learned of the tight limit: it would send nothing for an hour.
 */
export const choosePace = (
  { post }: Simulation,
  override: (requests: Config['requests'] | undefined) => Promise<void>,
): Act =>
  action(z.object({ isTight: z.boolean() }), async ({ isTight }) => {
    if (isTight) await override(tight);
    const { limit, windowSeconds } = isTight ? tight : defaultLimit;
    await post('/limit', { limit, windowSeconds });
    if (!isTight) await override(undefined);
    return isTight ? 'Five requests a minute from now on.' : 'The usual limit again.';
  });
