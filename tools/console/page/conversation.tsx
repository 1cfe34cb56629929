import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Chat, ChatMessage } from '../state.ts';
import { act } from './act.ts';
import { Message } from './message.tsx';
import { widgetWords } from './widget-words.ts';

type Props = {
  visitorId: string;
  name: string;
  locale: string;
  /** Those to choose from; empty where events choose by themselves. */
  locales: string[];
  messages: ChatMessage[];
  agents: Chat['agents'];
  onLocale: (locale: string) => void;
};

/** The chat widget on the visitor's page. */
export function Conversation({ visitorId, name, locale, locales, messages, agents, onLocale }: Props) {
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
}

function Composer({
  visitorId,
  placeholder,
  send,
}: {
  visitorId: string;
  placeholder: string;
  send: string;
}) {
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
}
