/** The whole page. */
import { render } from 'preact';
import type { Configuration, State } from '../state.ts';
import { Toast } from './act.tsx';
import { Budget, Events, Pipeline, Presence } from './bridge.tsx';
import { Chat, Faults } from './chat.tsx';
import { isConnected, listen, now, state } from './live.ts';
import { Notices } from './notices.tsx';
import { Shop } from './shop.tsx';
import { clock } from './words.ts';

const Header = ({ state }: { state: State | undefined }) => (
  <header class="header">
    <img src="/icon.svg" alt="" width="36" height="36" />
    <div>
      <h1>Conversations Bridge</h1>
      <p>Turns your shop’s events into chat messages: once each, in order, within Brevo’s limit.</p>
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

const shownMs = 30_000;

/** What the last change to bridge.config.ts led to. An error stays until it is corrected. */
const Reloaded = ({ configuration: { reload } }: { configuration: Configuration }) => {
  if (reload === undefined) return null;
  if (reload.error !== undefined) {
    return (
      <div class="reloaded is-faulty" role="alert">
        <strong>{reload.file} has an error. The previous version keeps running.</strong>
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
};

const App = () => {
  const all = state.value;
  return (
    <>
      <Header state={all} />
      {!isConnected.value && (
        <p class="banner" role="alert">
          The local run has stopped. Restart it with <code>npm start</code>, and this page reconnects.
        </p>
      )}
      {all === undefined ? (
        <p class="starting" role="status">
          Starting …
        </p>
      ) : (
        <main class="columns">
          <section class="column" aria-labelledby="shop-heading">
            <Heading id="shop-heading" title="Your shop" note="sends events" />
            <Shop state={all} />
          </section>
          <section class="column" aria-labelledby="bridge-heading">
            <Heading id="bridge-heading" title="The bridge" note="decides what to send, and when" />
            <Pipeline state={all} />
            <div class="pair">
              <Budget budget={all.budget} />
              <Presence agents={all.presence} />
            </div>
            <Notices notices={all.notices} />
            <Events bus={all.bus} queue={all.queue} />
          </section>
          <section class="column" aria-labelledby="chat-heading">
            <Heading id="chat-heading" title="The visitor’s chat" note="as the widget shows it" />
            <Chat state={all} />
            <Faults brevo={all.brevo} isPaced={all.configuration.isPaced} />
          </section>
        </main>
      )}
      <Toast />
    </>
  );
};

const Heading = ({ id, title, note }: { id: string; title: string; note: string }) => (
  <h2 class="heading" id={id}>
    {title} <span>{note}</span>
  </h2>
);

const root = document.getElementById('app');
if (root !== null) {
  root.replaceChildren();
  render(<App />, root);
  listen();
}
