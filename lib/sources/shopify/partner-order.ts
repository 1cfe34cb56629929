/** Shopify Events: an order as the owner's GraphQL query gives it, read like the order of a classic webhook. */
import * as z from 'zod/mini';
import { parse } from '../../runtime/parse.ts';
import { detail, details } from '../fields.ts';
import { quoted } from '../source.ts';
import { cancelled, created, deleted, fulfilled, onHold, paid, refunded } from './orders.ts';
import type { News } from './parcels.ts';

/** `gid://shopify/Order/5001` is 5001 in classic webhooks. */
const globalId = z.pipe(
  z.string().check(z.regex(/^gid:\/\/shopify\/\w+\/\d{1,32}(\?|$)/, { error: 'expected a global id' })),
  z.transform((id) => id.replace(/^.*\/|\?.*$/g, '')),
);

const word = detail(
  z.pipe(
    z.string(),
    z.transform((value) => value.toLowerCase()),
  ),
);
const passed = z.optional(z.unknown());
const nodesOf = <S extends z.core.$ZodType>(node: S) => detail(z.object({ nodes: details(node) }));

const money = detail(z.object({ presentmentMoney: z.object({ amount: passed, currencyCode: passed }) }));
const attributes = details(z.object({ key: passed, value: passed }));

/** https://shopify.dev/docs/api/admin-graphql/latest/objects/Fulfillment */
const fulfilment = z.object({
  id: detail(globalId),
  status: word,
  displayStatus: word,
  createdAt: passed,
  updatedAt: passed,
  trackingInfo: details(z.object({ company: passed, number: passed, url: passed })),
  fulfillmentLineItems: nodesOf(
    z.object({
      quantity: passed,
      lineItem: detail(z.object({ name: passed, requiresShipping: passed, isGiftCard: passed })),
    }),
  ),
});

/** https://shopify.dev/docs/api/admin-graphql/latest/objects/Refund */
const refund = z.object({
  id: detail(globalId),
  createdAt: passed,
  transactions: nodesOf(z.object({ kind: word, status: word, amountSet: money })),
});

/** https://shopify.dev/docs/api/admin-graphql/latest/objects/Order — all of it is up to the owner's query. */
const order = z.object({
  id: globalId,
  name: passed,
  createdAt: passed,
  processedAt: passed,
  updatedAt: passed,
  cancelledAt: passed,
  displayFinancialStatus: word,
  displayFulfillmentStatus: word,
  customer: detail(z.object({ id: globalId })),
  customerLocale: passed,
  customAttributes: attributes,
  totalPriceSet: money,
  shippingAddress: passed,
  lineItems: nodesOf(z.object({ name: passed, quantity: passed, customAttributes: attributes })),
  fulfillments: details(fulfilment),
  refunds: details(refund),
});
type Order = z.output<typeof order>;

/** https://shopify.dev/docs/apps/build/events/delivery-structure */
const payload = z.object({
  query_variables: detail(z.object({ orderId: globalId })),
  fields_changed: detail(
    z.object({ added: details(z.string()), updated: details(z.string()), removed: details(z.string()) }),
  ),
  data: z.optional(z.nullable(z.object({ order: z.optional(z.unknown()) }))),
  errors: details(z.object({ extensions: z.object({ code: z.string() }) })),
});
type Payload = z.output<typeof payload>;

/** What an action on an order leads to. */
export const newsOfOrder = (action: string, body: unknown, now: number): News => {
  const read = parse(payload, body, 'The partner event');
  if (action === 'delete') return deleted({ id: read.query_variables?.orderId }, now);
  if (action !== 'create' && action !== 'update') return `unknown action: ${quoted(action)}`;
  const found = orderIn(read);
  if (typeof found === 'string') return found;
  return action === 'create' ? created(classic(found)) : changed(found, read.fields_changed);
};

const orderIn = ({ data, errors }: Payload): Order | string => {
  if (data?.order !== undefined && data.order !== null) return parse(order, data.order, 'The partner event');
  const codes = errors.map(({ extensions }) => extensions.code);
  if (codes.includes('ACCESS_DENIED'))
    return 'ACCESS_DENIED: request protected customer data access for the app in the Partner Dashboard';
  if (codes.length > 0) return `the query failed with ${quoted(codes[0])}: correct the subscription's query`;
  return 'no order in the event: give the subscription the query of docs/partners.md';
};

/** An update tells only what has changed. A later edit of an order's tags must not repeat that it was paid. */
const changed = (found: Order, fields: Payload['fields_changed']): News => {
  const paths = fields && [...fields.added, ...fields.updated, ...fields.removed];
  const hasChanged = (about: RegExp) => paths === undefined || paths.some((path) => about.test(path));
  const body = classic(found);
  const readings = [
    ...(hasChanged(/\.(displayFinancialStatus|transactions|refunds)\b/)
      ? [paid(body), ...body.refunds.map(refunded)]
      : []),
    ...(hasChanged(/\.(displayFulfillmentStatus|fulfillments)\b/)
      ? [...(found.displayFulfillmentStatus === 'on_hold' ? [onHold(body)] : []), fulfilled(body)]
      : []),
    ...(hasChanged(/\.cancel/) ? [cancelled(body)] : []),
  ];
  const news = readings.flatMap((each) => (typeof each === 'string' ? [] : each));
  return news.length > 0
    ? news
    : (readings.find((each) => typeof each === 'string') ?? 'no message for these changes');
};

/** The order in the shape of a classic webhook. */
const classic = (found: Order) => ({
  id: found.id,
  name: found.name,
  created_at: found.createdAt,
  processed_at: found.processedAt,
  updated_at: found.updatedAt,
  cancelled_at: found.cancelledAt,
  financial_status: found.displayFinancialStatus,
  customer: found.customer,
  customer_locale: found.customerLocale,
  note_attributes: named(found.customAttributes),
  total_price_set: found.totalPriceSet && {
    presentment_money: {
      amount: found.totalPriceSet.presentmentMoney.amount,
      currency_code: found.totalPriceSet.presentmentMoney.currencyCode,
    },
  },
  shipping_address: found.shippingAddress,
  line_items: (found.lineItems?.nodes ?? []).map(({ name, quantity, customAttributes }) => ({
    name,
    quantity,
    properties: named(customAttributes),
  })),
  fulfillments: found.fulfillments.map(parcel),
  refunds: found.refunds.map(({ id, createdAt, transactions }) => ({
    id,
    order_id: found.id,
    created_at: createdAt,
    transactions: (transactions?.nodes ?? []).map(({ kind, status, amountSet }) => ({
      kind,
      status,
      amount: amountSet?.presentmentMoney.amount,
      currency: amountSet?.presentmentMoney.currencyCode,
    })),
  })),
});

const named = (list: z.output<typeof attributes>) => list.map(({ key, value }) => ({ name: key, value }));

/** Before the carrier has said anything, the status only says that the goods were handed over. */
const silent = ['fulfilled', 'marked_as_fulfilled', 'submitted'];

const parcel = (found: z.output<typeof fulfilment>) => {
  const [tracking] = found.trackingInfo;
  const { displayStatus = '' } = found;
  return {
    id: found.id,
    status: found.status,
    shipment_status: displayStatus === '' || silent.includes(displayStatus) ? undefined : displayStatus,
    created_at: found.createdAt,
    updated_at: found.updatedAt,
    tracking_company: tracking?.company,
    tracking_number: tracking?.number,
    tracking_url: tracking?.url,
    line_items: (found.fulfillmentLineItems?.nodes ?? []).map(({ quantity, lineItem }) => ({
      name: lineItem?.name,
      quantity,
      requires_shipping: lineItem?.requiresShipping,
      gift_card: lineItem?.isGiftCard,
    })),
  };
};
