import type { Configuration, State } from '../state.ts';
import { now } from './live.ts';
import { clock } from './words.ts';

export function Header({ state }: { state: State | undefined }) {
  return (
    <header class="header">
      <img src="/icon.svg" alt="" width="36" height="36" />
      <div>
        <h1>Conversations Bridge</h1>
        <p>
          Events of your shop become messages in the visitor’s chat: once, in order, within Brevo’s limit.
        </p>
      </div>
      {state && <Reloaded configuration={state.configuration} />}
      {state && (
        <details class="services">
          <summary>What runs where</summary>
          <dl class="card">
            {state.run.services.map(({ what, url, note }) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>
                  <code>{url}</code>
                  <span>{note}</span>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </header>
  );
}

const shownMs = 30_000;

/** What became of the last change to bridge.config.ts; a fault stays until it is mended. */
function Reloaded({ configuration: { reload } }: { configuration: Configuration }) {
  if (reload === undefined) return null;
  if (reload.error !== undefined) {
    return (
      <div class="reloaded is-faulty" role="alert">
        <strong>{reload.file} has a fault; the former version goes on running.</strong>
        <pre>{reload.error}</pre>
      </div>
    );
  }
  if (now.value - reload.at > shownMs) return null;
  return (
    <p class="reloaded" role="status">
      {reload.file} reloaded at {clock(reload.at)}
    </p>
  );
}
