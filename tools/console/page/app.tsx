import { Budget } from './budget.tsx';
import { Chat } from './chat.tsx';
import { Events } from './events.tsx';
import { Faults } from './faults.tsx';
import { Header } from './header.tsx';
import { isConnected, state } from './live.ts';
import { Notices } from './notices.tsx';
import { Pipeline } from './pipeline.tsx';
import { Presence } from './presence.tsx';
import { Shop } from './shop.tsx';
import { Toast } from './toast.tsx';

export function App() {
  const all = state.value;
  return (
    <>
      <Header state={all} />
      {!isConnected.value && (
        <p class="banner" role="alert">
          The local run has stopped. This page comes alive again with <code>npm start</code>.
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
            <Heading id="bridge-heading" title="The bridge" note="decides what is said, and when" />
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
}

function Heading({ id, title, note }: { id: string; title: string; note: string }) {
  return (
    <h2 class="heading" id={id}>
      {title} <span>{note}</span>
    </h2>
  );
}
