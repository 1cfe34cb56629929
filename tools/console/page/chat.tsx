import type { State } from '../state.ts';
import { act } from './act.ts';
import { Conversation } from './conversation.tsx';
import { show, visitor } from './visitor.ts';
import { shortId } from './words.ts';

export function Chat({ state }: { state: State }) {
  const { chat, run } = state;
  if (chat === undefined) {
    return (
      <div class="card real">
        <p>
          This run talks to the real Brevo at <code>{run.realBrevo}</code>.
        </p>
        <p class="quiet">
          The chat and the faults belong to the simulation alone. Look into your Brevo inbox instead; all the
          rest of this page works.
        </p>
      </div>
    );
  }
  const shown = visitor.value;
  const customer = state.orders.find(({ visitorId }) => visitorId === shown);
  return (
    <>
      <Visitors state={state} />
      <Conversation
        key={shown}
        visitorId={shown}
        name={customer?.customer ?? shortId(shown)}
        locale={customer?.locale ?? 'en'}
        locales={customer === undefined ? [] : localesOf(state, customer.ownLocale)}
        messages={chat.messages.filter(({ visitorId }) => visitorId === shown)}
        agents={chat.agents}
        onLocale={(locale) => void act('locale', { visitorId: shown, locale })}
      />
    </>
  );
}

/** Those of the configuration, with the customer's own regional one in the place of its language. */
function localesOf({ configuration }: State, own: string): string[] {
  return [own, ...configuration.locales.filter((locale) => locale !== own.split('-')[0] && locale !== own)];
}

function Visitors({ state: { chat, orders } }: { state: State }) {
  const known = orders.map(({ visitorId, customer }) => ({
    visitorId,
    name: customer.split(' ')[0] ?? customer,
  }));
  const others = [...new Set(chat?.messages.toReversed().map(({ visitorId }) => visitorId))]
    .filter((visitorId) => !known.some((each) => each.visitorId === visitorId))
    .slice(0, 4)
    .map((visitorId) => ({ visitorId, name: shortId(visitorId) }));
  return (
    <fieldset class="visitors" aria-label="Whose chat is shown">
      {[...known, ...others].map(({ visitorId, name }) => (
        <button
          key={visitorId}
          type="button"
          aria-pressed={visitor.value === visitorId}
          onClick={() => show(visitorId)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
