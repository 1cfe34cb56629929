/** Shows what a pasted payload would become, without sending it. */
import { useSignal } from '@preact/signals';
import type { Answer, Explained } from '../state.ts';
import { ask } from './act.tsx';

const readAfterMs = 250;
let reading: number | undefined;

const Outcome = ({ readAs, nothing, events }: Explained) => (
  <article class="explained">
    <p class="quiet">Read as {readAs}</p>
    {nothing !== undefined && (
      <p>
        <strong>Nothing is sent.</strong> {nothing}
      </p>
    )}
    {events.map(({ type, data, notices }, index) => (
      // Two events of a payload may be alike.
      <section key={`${index} ${type}`}>
        <details>
          <summary>
            <code>{type}</code>
          </summary>
          <pre>{JSON.stringify(data, null, 2)}</pre>
        </details>
        {notices.map(({ reference, effect, texts }) => (
          <div key={reference}>
            <h4>
              <code>{reference}</code>
            </h4>
            <p class="quiet">{effect}</p>
            <dl>
              {texts.map(({ locale, text }) => (
                <div key={locale}>
                  <dt>{locale}</dt>
                  <dd lang={locale}>{text ?? <span class="quiet">no message</span>}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </section>
    ))}
  </article>
);

export const PayloadReader = ({ sources }: { sources: string[] }) => {
  const source = useSignal('');
  const headers = useSignal('');
  const text = useSignal('');
  const answer = useSignal<Answer | undefined>(undefined);

  const read = async (): Promise<void> => {
    const given = { source: source.value, headers: headers.value, text: text.value };
    answer.value = text.value.trim() === '' ? undefined : await ask('explain', given);
  };
  const change = (field: { value: string }, value: string) => {
    field.value = value;
    window.clearTimeout(reading);
    reading = window.setTimeout(() => void read(), readAfterMs);
  };
  const found = answer.value;

  return (
    <details class="card fold">
      <summary>
        <h3>Paste a payload</h3> <span class="quiet">see what it becomes</span>
      </summary>
      <form class="editor" onSubmit={(event) => event.preventDefault()}>
        <label>
          <span>Sender</span>
          <select value={source.value} onChange={({ currentTarget }) => change(source, currentTarget.value)}>
            <option value="">An event, or a sample of events/</option>
            {sources.map((each) => (
              <option key={each} value={each}>
                Webhook of {each}
              </option>
            ))}
          </select>
        </label>
        {source.value !== '' && (
          <label>
            <span>Headers, one a line, if the sender names the topic there</span>
            <textarea
              rows={2}
              spellcheck={false}
              placeholder="X-Shopify-Topic: orders/paid"
              value={headers.value}
              onInput={({ currentTarget }) => change(headers, currentTarget.value)}
            />
          </label>
        )}
        <label>
          <span>Payload</span>
          <textarea
            rows={8}
            spellcheck={false}
            placeholder="{ … }"
            value={text.value}
            onInput={({ currentTarget }) => change(text, currentTarget.value)}
          />
        </label>
        <div aria-live="polite">
          {found !== undefined && 'error' in found && <p class="explained">{found.error}</p>}
          {found !== undefined &&
            'explained' in found &&
            // They have no identity, and all change at once.
            found.explained?.map((each, index) => <Outcome key={String(index)} {...each} />)}
        </div>
      </form>
    </details>
  );
};
