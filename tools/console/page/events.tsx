import type { Bus, Queue } from '../state.ts';
import { clock } from './words.ts';

const shown = 8;

/** The newest events of the bus, and what could not be read. */
export function Events({ bus, queue }: { bus: Bus; queue: Queue }) {
  return (
    <section class="card events" aria-labelledby="events-heading">
      <h3 id="events-heading">
        Events <span class="quiet">on the bus, the newest first</span>
      </h3>
      {bus.recent.length === 0 && <p class="quiet">None yet.</p>}
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
}
