import type { Presence as Agents } from '../state.ts';
import { now } from './live.ts';
import { countdown } from './words.ts';

export function Presence({ agents }: { agents: Agents }) {
  return (
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
}
