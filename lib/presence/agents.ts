import { createHash } from 'node:crypto';
import * as z from 'zod/mini';

/** In the order of the week. A shift belongs to the day on which it starts. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const time = z
  .string()
  .check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time such as 09:00' }));
const endTime = z
  .string()
  .check(
    z.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: 'must be a time such as 18:00, at most 24:00' }),
  );

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false; // Intl offers no other way to check a time zone.
  }
};

const shift = z
  .strictObject({
    days: z.array(z.enum(weekdays)).check(z.minLength(1)),
    from: time,
    to: endTime,
    timeZone: z.string().check(z.refine(isTimeZone, { error: 'must be a time zone such as Europe/Paris' })),
  })
  .check(
    z.refine(({ from, to }) => from !== to, {
      error: 'must differ from the start (00:00 to 24:00 is the whole day)',
      path: ['to'],
    }),
  );

/** Hours in local time. A shift that ends earlier than it starts ends on the next day. */
export type Shift = z.output<typeof shift>;

const line = z.string().check(z.trim(), z.minLength(1));
const shifts = z.array(shift).check(z.minLength(1));

// Brevo identifies an agent by its id or by these three fields. It creates an agent for an e-mail address it does not
// know.
const agent = z.union([
  z.strictObject({ agentId: line, shifts }),
  z.strictObject({ agentEmail: z.email(), agentName: line, receivedFrom: line, shifts }),
]);

/** An agent to show as online, with its shifts. */
export type Agent = z.output<typeof agent>;

const identity = z.looseObject({ agentId: z.optional(z.string()), agentEmail: z.optional(z.string()) });

const identify = (agent: unknown): string | undefined => {
  const { agentId, agentEmail } = identity.safeParse(agent).data ?? {};
  return agentId ?? agentEmail?.toLowerCase();
};

const eachOnce = z.check<Agent[]>(
  ({ value, issues }) => {
    const ids = value.map(identify);
    for (const [index, id] of ids.entries()) {
      const first = ids.indexOf(id);
      if (id === undefined || first === index) continue;
      const message = `is the same agent as presence.agents[${first}]`;
      issues.push({ code: 'custom', input: value, path: [index], message });
    }
  },
  // Runs even if a shift is invalid, so that one error names every invalid field.
  { when: ({ value }) => Array.isArray(value) },
);

export const presence = z.strictObject({
  agents: z.array(agent).check(eachOnce),
  /** At most this many of the agents on shift are kept online at a time, in turn. */
  keepOnline: z.optional(z.int().check(z.positive())),
});

export type Presence = z.output<typeof presence>;

/** Identifies an agent in the database: its id, or a hash of its e-mail address, which is personal data. */
export const agentKey = (agent: Agent): string => {
  if ('agentId' in agent) return agent.agentId;
  const hash = createHash('sha256').update(agent.agentEmail.toLowerCase()).digest('hex');
  return `email:${hash.slice(0, 32)}`;
};
