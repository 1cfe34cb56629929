import * as z from 'zod/mini';
import { faultSchema } from '../brevo/fault.ts';
import { type Act, action } from './act.ts';
import type { Simulation } from './simulation.ts';
import type { FaultName } from './state.ts';

/** Far more requests than anybody makes by hand. */
const always = 1_000_000;
const posts = { method: 'POST', path: '/pushedMessages' };

/** What Brevo can be made to do wrong, as its control API takes it. */
const faults = {
  down: { times: always, kind: 'status', status: 503 },
  slow: { times: always, kind: 'delay', delayMs: 4_000 },
  lost: { match: posts, kind: 'reset-after' },
  busy: { kind: 'status', status: 429, headers: { 'x-sib-ratelimit-reset': '20' } },
  refused: {
    match: posts,
    kind: 'status',
    status: 400,
    body: '{"code":"invalid_parameter","message":"agentId is not valid"}',
    headers: { 'content-type': 'application/json' },
  },
  revoked: {
    times: always,
    kind: 'status',
    status: 401,
    body: '{"code":"unauthorized","message":"Key not found"}',
    headers: { 'content-type': 'application/json' },
  },
} as const satisfies Record<FaultName, object>;

const names = z.enum(['down', 'slow', 'lost', 'busy', 'refused', 'revoked']);

/** Makes Brevo fail in a way, or not any more. */
export const chooseFault = ({ post }: Simulation): Act =>
  action(z.object({ fault: z.nullable(names) }), async ({ fault }) => {
    await post('/faults', fault === null ? [] : [faults[fault]]);
    return fault === null ? 'Brevo is well again.' : 'Brevo will fail as chosen.';
  });

/** Which of them is in force, told by what distinguishes it. */
export async function currentFault({ get }: Simulation): Promise<FaultName | undefined> {
  const [fault] = await get('/faults', z.array(faultSchema));
  return names.options.find((name) => {
    const { kind, ...rest } = faults[name];
    return (
      fault?.kind === kind && (!('status' in rest) || ('status' in fault && fault.status === rest.status))
    );
  });
}
