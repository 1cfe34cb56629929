import * as z from 'zod/mini';
import { absent, line, shopId } from '../../bus/fields.ts';
import { parse } from '../../runtime/parse.ts';
import { addresseeOf, currencyCode, detail, details, money, quantity, text, webAddress } from '../fields.ts';
import type { OrderNews } from '../order-news.ts';

/**
 * The statuses of Shopware's events, whose last word is the state that was entered; undefined for what is no news.
 * Shopware completes an order after its delivery, cancels deliveries and payments that were replaced, and a capture is the
 * shop's own business. https://developer.shopware.com/docs/resources/references/app-reference/webhook-events-reference.html
 */
export const statuses: ReadonlyMap<string, string | undefined> = new Map([
  ['checkout.order.placed', 'pending'],
  ['state_enter.order.state.open', 'pending'],
  ['state_enter.order.state.in_progress', 'processing'],
  ['state_enter.order.state.completed', undefined],
  ['state_enter.order.state.cancelled', 'cancelled'],
  ['state_enter.order_delivery.state.open', undefined],
  ['state_enter.order_delivery.state.shipped', 'shipped'],
  ['state_enter.order_delivery.state.shipped_partially', 'shipped'],
  ['state_enter.order_delivery.state.returned', 'returned'],
  ['state_enter.order_delivery.state.returned_partially', 'returned'],
  ['state_enter.order_delivery.state.cancelled', undefined],
  ['state_enter.order_transaction.state.open', 'pending'],
  ['state_enter.order_transaction.state.unconfirmed', 'pending'],
  ['state_enter.order_transaction.state.reminded', 'pending'],
  ['state_enter.order_transaction.state.paid_partially', 'pending'],
  ['state_enter.order_transaction.state.authorized', undefined],
  ['state_enter.order_transaction.state.in_progress', undefined],
  ['state_enter.order_transaction.state.chargeback', undefined],
  ['state_enter.order_transaction.state.paid', 'paid'],
  ['state_enter.order_transaction.state.failed', 'payment_failed'],
  ['state_enter.order_transaction.state.cancelled', undefined],
  ['state_enter.order_transaction.state.refunded', 'refunded'],
  ['state_enter.order_transaction.state.refunded_partially', 'refunded'],
]);

/** Which of these are in the JSON depends on Shopware's version. */
const inState = { stateMachineState: detail(z.object({ technicalName: text })) };
const delivery = z.object({
  ...inState,
  id: shopId,
  // Short enough to be a part of a shipment's id.
  trackingCodes: details(line.check(z.maxLength(128))),
  shippingMethod: detail(z.object({ trackingUrl: text })),
});

/** https://shopware.stoplight.io/docs/admin-api (OrderEntity) — the fields that the bridge reads. */
const payload = z.object({
  order: absent(
    z.object({
      id: shopId,
      orderNumber: detail(shopId),
      amountTotal: money,
      currency: detail(z.object({ isoCode: currencyCode })),
      language: detail(z.object({ locale: detail(z.object({ code: text })) })),
      orderCustomer: detail(z.object({ customerId: detail(shopId) })),
      // PHP writes an empty object as a list.
      customFields: detail(z.record(z.string(), z.unknown())),
      lineItems: details(z.object({ label: text, quantity, type: text })),
      deliveries: details(delivery),
      transactions: details(z.object({ ...inState, id: shopId })),
    }),
  ),
});
type Order = NonNullable<z.output<typeof payload>['order']>;

/**
 * The news of an event.
 * @param status what the event means
 * @returns undefined if the body contains no order
 * @throws {InvalidInput} naming every invalid field
 */
export const newsIn = (
  body: unknown,
  { event, status, occurredAt }: { event: string; status: string; occurredAt: number },
): OrderNews[] | undefined => {
  const { order } = parse(payload, body, 'The webhook');
  if (order === undefined) return undefined;
  const fields = Object.entries(order.customFields ?? {}).map(([name, value]) => ({ name, value }));
  const news = {
    orderId: order.id,
    orderNumber: order.orderNumber,
    status,
    occurredAt,
    ...addresseeOf('shopware', fields, order.orderCustomer?.customerId),
    locale: order.language?.locale?.code,
    currency: order.currency?.isoCode,
  };
  const state = event.slice(event.lastIndexOf('.') + 1);
  switch (status) {
    case 'shipped':
      return parcelsIn(order, state).map((parcel) => ({ ...news, ...parcel }));
    // The order's total is not what goes back.
    case 'refunded':
      return [{ ...news, refundId: soleId(entered(order.transactions, state)) }];
    default:
      return [{ ...news, total: order.amountTotal, items: itemsIn(order) }];
  }
};

/** Those in the state that an event says was entered; all, if the body does not say in which state any of them is. */
const entered = <Part extends { stateMachineState?: { technicalName?: string | undefined } | undefined }>(
  parts: readonly Part[],
  state: string,
): readonly Part[] => {
  const isSaid = parts.some(({ stateMachineState }) => stateMachineState?.technicalName !== undefined);
  return isSaid ? parts.filter(({ stateMachineState }) => stateMachineState?.technicalName === state) : parts;
};

const soleId = (parts: readonly { id: string }[]): string | undefined =>
  parts.length === 1 ? parts[0]?.id : undefined;

type Parcel = Pick<OrderNews, 'shipmentId' | 'trackingNumber' | 'trackingUrl'>;

/**
 * The parcels that are on their way. The event does not say which delivery has changed, so all that are in its state are
 * told again, which changes nothing for those that were told before. Each tracking code is a parcel: the first of a
 * delivery goes by the delivery's id, under which it was told if it got its code later.
 */
const parcelsIn = ({ deliveries }: Order, state: string): Parcel[] => {
  const sent = entered(deliveries, state);
  const parcels = sent.flatMap(({ id, trackingCodes, shippingMethod }) =>
    trackingCodes.map((code, index) => ({
      shipmentId: index === 0 ? id : `${id}-${code}`,
      trackingNumber: code,
      trackingUrl: trackingUrlOf(shippingMethod?.trackingUrl, code),
    })),
  );
  // A discount on shipping is a delivery of its own, without a code.
  return parcels.length > 0 ? parcels : [{ shipmentId: soleId(sent) }];
};

/** A shipping method has the address of its carrier's page, with `%s` in place of the tracking code. */
const trackingUrlOf = (template: string | undefined, code: string): string | undefined =>
  webAddress.parse(template?.replace('%s', () => encodeURIComponent(code)));

const itemsIn = ({ lineItems }: Order) =>
  lineItems.flatMap(({ label, quantity, type = 'product' }) =>
    label === undefined || type !== 'product' ? [] : [{ name: label, quantity }],
  );
