import type { State } from '../state.ts';

type Stage = { name: string; value: string; note: string; beat: number | string; isTroubled?: boolean };

/** The way of an event, with what is at each place just now. */
export function Pipeline({ state }: { state: State }) {
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
}

function stagesOf({ bus, queue, notices, budget, brevo, run }: State): Stage[] {
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
      note:
        notices.held > 0
          ? `${notices.held} need${notices.held === 1 ? 's' : ''} you`
          : `${notices.waiting} waiting`,
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
        run.realBrevo !== undefined ? 'Real' : brevo?.fault === undefined ? 'Well' : faultWords[brevo.fault],
      note: run.realBrevo !== undefined ? 'your account' : 'simulated',
      beat: brevo?.fault ?? 'well',
      isTroubled: brevo?.fault !== undefined,
    },
  ];
}

const faultWords = {
  down: 'Down',
  slow: 'Slow',
  lost: 'Silent',
  busy: 'Busy',
  refused: 'Refuses',
  revoked: 'Locked',
} as const;
