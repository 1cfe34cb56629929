/** The left column: the customers' orders, and the samples. */
import type { Order, Sample, State } from '../state.ts';
import { act } from './act.tsx';
import { EventEditor } from './event-editor.tsx';
import { follow, show, visitor } from './live.ts';
import { StateChip } from './notices.tsx';
import { PayloadReader } from './payload-reader.tsx';
import { inWords } from './words.ts';

/** The statuses that each card shows at once; the others are behind More. */
const usual = ['paid', 'shipped', 'delivered'];

const OrderCard = ({ order, statuses }: { order: Order; statuses: readonly string[] }) => {
  const { customer, visitorId, orderId, summary, status, state } = order;
  const isShown = visitor.value === visitorId;
  const perform = (action: string, body: object = {}) => {
    show(visitorId);
    void act(action, { visitorId, ...body });
  };
  const button = (each: string) => (
    <button
      key={each}
      type="button"
      class="status"
      aria-current={each === status ? 'step' : undefined}
      onClick={() => perform('order', { status: each })}
    >
      {inWords(each)}
    </button>
  );
  return (
    <article class={isShown ? 'card order is-shown' : 'card order'} aria-label={`Order ${orderId}`}>
      <header>
        <button type="button" class="who" onClick={() => show(visitorId)} aria-pressed={isShown}>
          {customer}
          <span class="sr-only">: show this chat</span>
        </button>
        {state && <StateChip state={state} />}
      </header>
      <p class="quiet">
        #{orderId} · {summary}
      </p>
      <fieldset class="statuses" aria-label={`Usual statuses of order ${orderId}`}>
        {usual.map(button)}
      </fieldset>
      <details>
        <summary>
          More<span class="sr-only"> for order {orderId}</span>
          {status !== undefined && !usual.includes(status) && <em>{inWords(status)}</em>}
        </summary>
        <fieldset class="wrap" aria-label={`Other statuses of order ${orderId}`}>
          {statuses.filter((each) => !usual.includes(each)).map(button)}
        </fieldset>
        <div class="wrap">
          <button type="button" class="link" onClick={() => perform('new-order')}>
            Start a new order
          </button>
          {status !== undefined && (
            <button
              type="button"
              class="link"
              onClick={() => perform('withdraw', { reference: `order:${orderId}` })}
            >
              Withdraw the messages
            </button>
          )}
        </div>
      </details>
    </article>
  );
};

const Samples = ({ samples }: { samples: Sample[] }) => {
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
};

export const Shop = ({ state }: { state: State }) => (
  <>
    {state.orders.map((order) => (
      <OrderCard key={order.visitorId} order={order} statuses={state.run.statuses} />
    ))}
    <Samples samples={state.run.samples} />
    <EventEditor />
    <PayloadReader sources={state.run.sources} />
  </>
);
