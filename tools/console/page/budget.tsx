import type { Budget as BudgetState } from '../state.ts';
import { now } from './live.ts';
import { countdown, spanOf } from './words.ts';

/** How the requests of a window are shared out. */
export function Budget({ budget }: { budget: BudgetState }) {
  const { limit, windowSeconds, spent, free, kept } = budget;
  const keptNow = Math.min(free, kept.presence + kept.http);
  const parts = [
    { name: 'Messages', count: spent.messages, kind: 'messages' },
    { name: 'Pings', count: spent.presence, kind: 'presence' },
    { name: 'API', count: spent.http, kind: 'http' },
    { name: 'Kept', count: keptNow, kind: 'kept' },
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
}

/** When requests will be free, in a sentence. */
function outlook({ paused, closedUntil, nextMessageAt, nextFreeAt }: BudgetState): string {
  const left = (at: number) => countdown(at - now.value);
  if (paused !== undefined) {
    const reason =
      paused.reason === 'unauthorised' ? 'Brevo does not let the bridge in' : 'Brevo keeps failing';
    return `Paused: ${reason}. A probe is due in ${left(paused.probeAt)}.`;
  }
  if (closedUntil !== undefined && closedUntil > now.value)
    return `Brevo asked to wait. It opens in ${left(closedUntil)}.`;
  if (nextMessageAt !== undefined && nextMessageAt > now.value)
    return `The next message may go in ${left(nextMessageAt)}.`;
  if (nextFreeAt !== undefined && nextFreeAt > now.value)
    return `Messages may go now. The oldest request counts for ${left(nextFreeAt)} more.`;
  return 'Messages may go now.';
}
