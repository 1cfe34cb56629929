/** The right column: the widget on the visitor's page, and the faults of the simulated Brevo behind it. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Brevo, ChatMessage, Chat as ChatState, State } from '../state.ts';
import { act } from './act.tsx';
import { show, visitor } from './live.ts';
import { shortId, type WidgetWords, widgetWords } from './words.ts';

interface MessageProps {
  message: ChatMessage;
  words: WidgetWords;
  locale: string;
}

const Message = ({ message, words, locale }: MessageProps) => {
  const { isFromVisitor, text, at, editedAt, deletedAt } = message;
  const time = (moment: number) =>
    new Date(moment).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
  if (deletedAt !== undefined) return <p class="removed">{words.removed}</p>;
  return (
    <div class={isFromVisitor ? 'message is-visitor' : 'message'}>
      {/* A changed text is another paragraph, so that it comes in anew. */}
      <p key={editedAt}>{linked(text)}</p>
      <span class="when">
        {time(at)}
        {editedAt !== undefined && ` · ${words.edited}`}
      </span>
    </div>
  );
};

/** The widget makes links of web addresses. */
const linked = (text: string) =>
  text.split(/(https?:\/\/\S+)/).map((part) =>
    /^https?:/.test(part) ? (
      <a key={part} href={part} rel="noreferrer noopener" target="_blank">
        {part.replace(/^https?:\/\//, '')}
      </a>
    ) : (
      part
    ),
  );

interface ConversationProps {
  visitorId: string;
  name: string;
  locale: string;
  /** Those to choose from; empty where events choose by themselves. */
  locales: string[];
  messages: ChatMessage[];
  agents: ChatState['agents'];
  onLocale: (locale: string) => void;
}

/** The chat widget on the visitor's page. */
const Conversation = (props: ConversationProps) => {
  const { visitorId, name, locale, locales, messages, agents, onLocale } = props;
  const words = widgetWords(locale);
  const isOnline = agents.some((agent) => agent.isOnline);
  const [agent] = agents.toSorted((a, b) => Number(b.isOnline) - Number(a.isOnline));
  const end = useRef<HTMLDivElement>(null);
  const count = messages.length;
  useEffect(() => {
    if (count > 0 && end.current) end.current.scrollTop = end.current.scrollHeight;
  }, [count]);

  return (
    <div class="widget" lang={locale}>
      <header>
        <span class="avatar" aria-hidden="true">
          {(agent?.name ?? 'B').charAt(0)}
          <i class={isOnline ? 'dot is-on' : 'dot'} />
        </span>
        <div>
          <strong>{agent?.name ?? 'Shop'}</strong>
          <span>{isOnline ? words.online : words.offline}</span>
        </div>
        {locales.length > 0 && (
          <label>
            <span class="sr-only">Language of {name}</span>
            <select value={locale} onChange={({ currentTarget }) => onLocale(currentTarget.value)}>
              {locales.map((each) => (
                <option key={each} value={each}>
                  {each.split('-')[0]?.toUpperCase()}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <div class="messages" ref={end} tabIndex={0} role="log" aria-label={`Chat of ${name}`}>
        {count === 0 && <p class="greeting">{words.greeting}</p>}
        {messages.map((message) => (
          <Message key={message.id} message={message} words={words} locale={locale} />
        ))}
      </div>
      <Composer visitorId={visitorId} placeholder={words.write} send={words.send} />
    </div>
  );
};

interface ComposerProps {
  visitorId: string;
  placeholder: string;
  send: string;
}

const Composer = ({ visitorId, placeholder, send }: ComposerProps) => {
  const text = useSignal('');
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.value.trim() === '') return;
        void act('write', { visitorId, text: text.value.trim() });
        text.value = '';
      }}
    >
      <input
        type="text"
        value={text.value}
        placeholder={placeholder}
        aria-label={placeholder}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value;
        }}
      />
      <button type="submit" aria-label={send}>
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
          <path d="M3 10 17 3.5 13 17l-3.2-5.2z" fill="currentColor" />
        </svg>
      </button>
    </form>
  );
};

export const Chat = ({ state }: { state: State }) => {
  const { chat, run } = state;
  if (chat === undefined) {
    return (
      <div class="card real">
        <p>
          This run talks to the real Brevo at <code>{run.realBrevo}</code>.
        </p>
        <p class="quiet">
          The chat and the faults need the simulated Brevo. Look into your Brevo inbox instead; the rest of
          this page works.
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
};

/** The locales of the configuration, with the customer's own regional one in the place of its language. */
const localesOf = ({ configuration }: State, own: string): string[] => [
  own,
  ...configuration.locales.filter((locale) => locale !== own.split('-')[0] && locale !== own),
];

const Visitors = ({ state: { chat, orders } }: { state: State }) => {
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
};

const faults = [
  { name: null, label: 'No fault', hint: 'Brevo answers every request' },
  { name: 'down', label: 'Down', hint: 'Every request is answered with 503' },
  { name: 'slow', label: 'Slow', hint: 'Every answer takes four seconds' },
  { name: 'lost', label: 'Answer lost', hint: 'The next message is posted, but Brevo’s answer is lost' },
  { name: 'refused', label: 'Refused', hint: 'The next message is refused with 400' },
  {
    name: 'busy',
    label: 'Rate limit',
    hint: 'The next request is answered with 429: try again in 20 seconds',
  },
  { name: 'revoked', label: 'Key revoked', hint: 'Every request is answered with 401' },
] as const;

/** The faults to inject into the simulated Brevo, and its tight limit. */
export const Faults = ({ brevo, isPaced }: { brevo: Brevo | undefined; isPaced: boolean }) => {
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
};
