import type { State } from '../state.ts';
import { EventEditor } from './event-editor.tsx';
import { OrderCard } from './order-card.tsx';
import { Samples } from './samples.tsx';

export function Shop({ state }: { state: State }) {
  return (
    <>
      {state.orders.map((order) => (
        <OrderCard key={order.visitorId} order={order} statuses={state.run.statuses} />
      ))}
      <Samples samples={state.run.samples} />
      <EventEditor />
    </>
  );
}
