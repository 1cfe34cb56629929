import * as z from 'zod/mini';
import { type Act, action } from '../act.ts';
import type { Simulation } from '../simulation.ts';

/** Writes a message as a visitor does in the widget. */
export const write = ({ post }: Simulation): Act =>
  action(z.object({ visitorId: z.string(), text: z.string() }), async (message) => {
    await post('/messages', message);
    return 'Written as the visitor.';
  });
