import type { Brevo } from '../state.ts';
import { act } from './act.ts';

const faults = [
  { name: null, label: 'Well', hint: 'Every request is answered' },
  { name: 'down', label: 'Down', hint: 'Every request is answered with 503' },
  { name: 'slow', label: 'Slow', hint: 'Every answer takes four seconds' },
  { name: 'lost', label: 'Answer lost', hint: 'The next message is posted, but nobody hears of it' },
  { name: 'refused', label: 'Refused', hint: 'The next message is refused with 400' },
  { name: 'busy', label: 'Too many', hint: 'The next request gets 429, to come again in 20 seconds' },
  { name: 'revoked', label: 'Key revoked', hint: 'Every request is answered with 401' },
] as const;

/** What the simulated Brevo is made to do wrong. */
export function Faults({ brevo, isPaced }: { brevo: Brevo | undefined; isPaced: boolean }) {
  if (brevo === undefined) return null;
  const current = faults.find(({ name }) => name === (brevo.fault ?? null));
  return (
    <section class="card faults" aria-labelledby="faults-heading">
      <h3 id="faults-heading">
        Make Brevo fail <span class="quiet">simulated</span>
      </h3>
      <fieldset class="wrap" aria-labelledby="faults-heading">
        {faults.map(({ name, label, hint }) => (
          <button
            key={label}
            type="button"
            class="choice"
            title={hint}
            aria-pressed={name === (brevo.fault ?? null)}
            onClick={() => void act('fault', { fault: name })}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <p class="quiet">{current?.hint}.</p>
      <button
        type="button"
        class="switch"
        role="switch"
        aria-checked={isPaced}
        onClick={() => void act('pace', { isTight: !isPaced })}
      >
        <i /> Five requests a minute
      </button>
    </section>
  );
}
