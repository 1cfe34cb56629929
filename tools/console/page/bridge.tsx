/** The column in the middle, but for the notices: the way of an event, the budget, the agents, and the newest events. */
import type { Agent, Budget as BudgetState, Bus, Queue, State } from '../state.ts';
import { now } from './live.ts';
import { clock, countdown, spanOf } from './words.ts';

interface Stage {
  name: string;
  value: string;
  note: string;
  /** When it changes, the value is animated. */
  beat: number | string;
  isTroubled?: boolean;
}

/** The way of an event to the chat, and how much is at each place now. */
export const Pipeline = ({ state }: { state: State }) => {
  const { bus } = state;
  return (
    <div class="card pipeline">
      <ol aria-label="From an event to the chat">
        {stagesOf(state).map(({ name, value, note, beat, isTroubled }) => (
          <li key={name} class={isTroubled ? 'is-troubled' : undefined}>
            <span class="stage">{name}</span>
            <strong key={beat}>{value}</strong>
            <span class="quiet">{note}</span>
          </li>
        ))}
      </ol>
      {bus.total > 0 && <i key={bus.total} class="traveller" />}
    </div>
  );
};

const stagesOf = ({ bus, queue, notices, budget, brevo, run }: State): Stage[] => {
  const inQueue = queue.waiting + queue.working;
  return [
    { name: 'Bus', value: String(bus.total), note: bus.total === 1 ? 'event' : 'events', beat: bus.total },
    {
      name: 'Queue',
      value: String(inQueue),
      note: queue.unreadable > 0 ? `${queue.unreadable} unreadable` : 'waiting',
      beat: inQueue,
      isTroubled: queue.unreadable > 0,
    },
    {
      name: 'Notices',
      value: String(notices.total),
      note: notices.held > 0 ? `${notices.held} held` : `${notices.waiting} waiting`,
      beat: `${notices.total} ${notices.waiting} ${notices.held}`,
      isTroubled: notices.held > 0,
    },
    {
      name: 'Budget',
      value: String(budget.free),
      note: budget.paused ? 'paused' : `of ${budget.limit} free`,
      beat: budget.free,
      isTroubled: budget.paused !== undefined || budget.free === 0,
    },
    {
      name: 'Brevo',
      value:
        run.realBrevo !== undefined ? 'Real' : brevo?.fault === undefined ? 'OK' : faultWords[brevo.fault],
      note: run.realBrevo !== undefined ? 'your account' : 'simulated',
      beat: brevo?.fault ?? 'ok',
      isTroubled: brevo?.fault !== undefined,
    },
  ];
};

const faultWords = {
  down: 'Down',
  slow: 'Slow',
  lost: 'Silent',
  busy: 'Busy',
  refused: 'Refuses',
  revoked: 'Locked',
} as const;

/** How the requests of a window are shared. */
export const Budget = ({ budget }: { budget: BudgetState }) => {
  const { limit, windowSeconds, spent, free, kept } = budget;
  const keptNow = Math.min(free, kept.presence + kept.http);
  const parts = [
    { name: 'Messages', count: spent.messages, kind: 'messages' },
    { name: 'Pings', count: spent.presence, kind: 'presence' },
    { name: 'API', count: spent.http, kind: 'http' },
    { name: 'Reserved', count: keptNow, kind: 'kept' },
    { name: 'Free', count: free - keptNow, kind: 'free' },
  ];
  const total = Math.max(limit, 1);
  return (
    <section class="card budget" aria-labelledby="budget-heading">
      <h3 id="budget-heading">
        Request budget{' '}
        <span class="quiet">
          {limit} in {spanOf(windowSeconds)}
        </span>
      </h3>
      <div
        class="meter"
        role="img"
        aria-label={parts.map(({ name, count }) => `${name} ${count}`).join(', ')}
      >
        {parts.map(({ kind, count }) => (
          <i key={kind} class={`is-${kind}`} style={{ width: `${(100 * count) / total}%` }} />
        ))}
      </div>
      <ul class="legend">
        {parts.map(({ name, count, kind }) => (
          <li key={kind}>
            <i class={`is-${kind}`} />
            {name} <b>{count}</b>
          </li>
        ))}
      </ul>
      <p class="quiet">{outlook(budget)}</p>
    </section>
  );
};

const pauseReasons = {
  unauthorised: 'Brevo refuses the key or the IP address',
  unavailable: 'Brevo keeps failing',
  refused: 'Brevo refuses every message',
};

/** When the next message can be sent, in a sentence. */
const outlook = ({ paused, closedUntil, nextMessageAt, nextFreeAt }: BudgetState): string => {
  const left = (at: number) => countdown(at - now.value);
  if (paused !== undefined) {
    return `Paused: ${pauseReasons[paused.reason]}. The next probe is due in ${left(paused.probeAt)}.`;
  }
  if (closedUntil !== undefined && closedUntil > now.value)
    return `Brevo asked to wait. Requests resume in ${left(closedUntil)}.`;
  if (nextMessageAt !== undefined && nextMessageAt > now.value)
    return `The next message can be sent in ${left(nextMessageAt)}.`;
  if (nextFreeAt !== undefined && nextFreeAt > now.value)
    return `Messages can be sent now. The oldest request counts for another ${left(nextFreeAt)}.`;
  return 'Messages can be sent now.';
};

export const Presence = ({ agents }: { agents: Agent[] }) => (
  <section class="card presence" aria-labelledby="presence-heading">
    <h3 id="presence-heading">Presence</h3>
    {agents.length === 0 && <p class="quiet">bridge.config.ts names no agents.</p>}
    <ul>
      {agents.map(({ name, isOnShift, shifts, lastPing }) => (
        <li key={name}>
          <i class={isOnShift ? 'dot is-on' : 'dot'} />
          <div>
            <strong>{name}</strong>
            <span class="quiet">
              {isOnShift ? 'on shift' : 'off shift'}
              {lastPing !== undefined && `, last ping ${countdown(now.value - lastPing)} ago`}
            </span>
            {shifts.map((shift) => (
              <span class="quiet" key={shift}>
                {shift}
              </span>
            ))}
          </div>
        </li>
      ))}
    </ul>
  </section>
);

const shown = 8;

/** The newest events of the bus, and why others could not be read. */
export const Events = ({ bus, queue }: { bus: Bus; queue: Queue }) => (
  <section class="card events" aria-labelledby="events-heading">
    <h3 id="events-heading">
      Events <span class="quiet">on the bus, newest first</span>
    </h3>
    {bus.recent.length === 0 && <p class="quiet">No events yet.</p>}
    <ol>
      {bus.recent.slice(0, shown).map(({ id, at, type, source, about }) => (
        <li key={id} class={source === 'conversations-bridge' ? 'is-own' : undefined}>
          <time>{clock(at)}</time>
          <code>{type}</code>
          <span>{about}</span>
        </li>
      ))}
    </ol>
    {queue.reasons.length > 0 && (
      <>
        <h4>In the dead-letter queue: {queue.unreadable}</h4>
        <ul class="reasons">
          {queue.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      </>
    )}
  </section>
);
