import type { Sample } from '../state.ts';
import { act } from './act.ts';
import { follow } from './visitor.ts';

export function Samples({ samples }: { samples: Sample[] }) {
  const list = (kind: Sample['kind'], title: string) => (
    <>
      <h4>{title}</h4>
      <ul>
        {samples
          .filter((sample) => sample.kind === kind)
          .map(({ file, title }) => (
            <li key={file}>
              <button
                type="button"
                title={`events/${file}`}
                onClick={() => {
                  follow();
                  void act('sample', { file });
                }}
              >
                {title}
              </button>
            </li>
          ))}
      </ul>
    </>
  );
  return (
    <details class="card fold">
      <summary>
        <h3>Samples</h3> <span class="quiet">{samples.length} in events/</span>
      </summary>
      <div class="samples">
        {list('event', 'Events for the bus')}
        {list('webhook', 'Signed webhooks')}
      </div>
    </details>
  );
}
