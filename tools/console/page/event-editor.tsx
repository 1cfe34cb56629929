/** An editor for events, which checks them as they are written. */
import { useSignal } from '@preact/signals';
import type { Answer, FieldFault } from '../state.ts';
import { ask, say } from './act.tsx';
import { follow } from './live.ts';

const eventTypes = [
  'order.status_changed',
  'announcement.published',
  'notice.requested',
  'notice.withdrawn',
] as const;

type EventType = (typeof eventTypes)[number];

/** What the editor starts with. */
const templateOf = (type: EventType): string =>
  JSON.stringify({ ...examples[type], occurredAt: new Date().toISOString() }, null, 2);

const examples: Record<EventType, object> = {
  'order.status_changed': {
    orderId: '3001',
    status: 'shipped',
    visitorId: 'ada',
    locale: 'es',
    carrier: 'Correos',
  },
  'announcement.published': {
    announcementId: 'spring',
    visitorIds: ['ada', 'lea', 'jonas'],
    texts: { en: 'Free shipping this weekend.', fr: 'Livraison offerte ce week-end.' },
    locale: 'en',
  },
  'notice.requested': {
    reference: 'back-in-stock:4711',
    visitorId: 'ada',
    text: 'The blue mug is back in stock.',
    priority: 'high',
  },
  'notice.withdrawn': { reference: 'back-in-stock:4711' },
};

const checkAfterMs = 250;
let checking: number | undefined;

export const EventEditor = () => {
  const type = useSignal<EventType>(eventTypes[0]);
  const text = useSignal(templateOf(eventTypes[0]));
  const faults = useSignal<FieldFault[]>([]);

  const read = (): unknown => {
    try {
      return JSON.parse(text.value);
    } catch (error) {
      faults.value = [{ field: 'JSON', message: error instanceof Error ? error.message : String(error) }];
      return undefined;
    }
  };
  const submit = async (action: 'check-event' | 'event'): Promise<Answer | undefined> => {
    const data = read();
    if (data === undefined) return undefined;
    const answer = await ask(action, { type: type.value, data });
    faults.value = ('faults' in answer && answer.faults) || [];
    return answer;
  };
  const change = (written: string) => {
    text.value = written;
    window.clearTimeout(checking);
    checking = window.setTimeout(() => void submit('check-event'), checkAfterMs);
  };
  const send = async () => {
    const checked = await submit('check-event');
    if (checked === undefined || 'faults' in checked) return;
    follow();
    const answer = await submit('event');
    if (answer !== undefined) say(answer);
  };

  return (
    <details class="card fold">
      <summary>
        <h3>Write an event</h3> <span class="quiet">checked as you type</span>
      </summary>
      <form
        class="editor"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <label>
          <span>Detail type</span>
          <select
            value={type.value}
            onChange={({ currentTarget }) => {
              const chosen = eventTypes.find((each) => each === currentTarget.value) ?? eventTypes[0];
              type.value = chosen;
              change(templateOf(chosen));
            }}
          >
            {eventTypes.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label>
          <span>Data</span>
          <textarea
            rows={11}
            spellcheck={false}
            value={text.value}
            aria-invalid={faults.value.length > 0}
            aria-describedby="event-faults"
            onInput={({ currentTarget }) => change(currentTarget.value)}
          />
        </label>
        <ul class="field-faults" id="event-faults" aria-live="polite">
          {faults.value.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              <code>{field || 'event'}</code> {message}
            </li>
          ))}
        </ul>
        <button type="submit" class="primary">
          Send to the event bus
        </button>
      </form>
    </details>
  );
};
