import type { Order } from '../state.ts';
import { act } from './act.ts';
import { StateChip } from './state-chip.tsx';
import { show, visitor } from './visitor.ts';
import { inWords } from './words.ts';

const usual = ['paid', 'shipped', 'delivered'];
export function OrderCard({ order, statuses }: { order: Order; statuses: readonly string[] }) {
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
            Begin a new order
          </button>
          {status !== undefined && (
            <button
              type="button"
              class="link"
              onClick={() => perform('withdraw', { reference: `order:${orderId}` })}
            >
              Withdraw what was said
            </button>
          )}
        </div>
      </details>
    </article>
  );
}
