import { defineConfig } from './lib/config/config.ts';
import { de } from './lib/texts/de.ts';
import { es } from './lib/texts/es.ts';
import { fr } from './lib/texts/fr.ts';
import { sentences } from './lib/texts/order-text.ts';

/**
 * Your settings. `npm run preview` prints every text. An invalid setting fails the build, with the name of the field.
 */
export default defineConfig({
  /**
   * Used when an event names no locale, or a locale without texts. This locale needs a text for every status; the
   * others may omit some.
   */
  defaultLocale: 'en',

  /**
   * What the visitor reads, by locale and status. A regional locale (`fr-CA`) uses its own texts if it has any, then
   * those of its language (`fr`). `null` instead of a text means that no message is sent for this status.
   *
   * The fields of an order are already formatted: `number`, and if known `total`, `carrier`, `trackingNumber`,
   * `trackingUrl`, `estimatedDelivery` and `items`. `sentences` drops the sentences whose data is missing.
   */
  texts: {
    en: {
      pending: (order) =>
        sentences(
          `Thank you for your order ${order.number}!`,
          order.total && `The total is ${order.total}.`,
          'We will write to you as soon as your payment has arrived.',
        ),
      payment_failed: (order) =>
        sentences(
          `Unfortunately, the payment for your order ${order.number} did not go through.`,
          'You can try again from your account, and we are here if you need a hand.',
        ),
      on_hold: (order) =>
        sentences(
          `Your order ${order.number} is on hold for the moment.`,
          'We will write to you here as soon as it moves on.',
        ),
      paid: (order) =>
        sentences(
          `Thank you! We have received your payment${order.total ? ` of ${order.total}` : ''} for order ${order.number}.`,
          'We will let you know when it ships.',
        ),
      processing: (order) =>
        sentences(
          `We are getting your order ${order.number} ready.`,
          order.estimatedDelivery && `Estimated delivery: ${order.estimatedDelivery}.`,
        ),
      shipped: (order) =>
        sentences(
          `Good news: your order ${order.number} is on its way${order.carrier ? ` with ${order.carrier}` : ''}.`,
          order.estimatedDelivery && `Estimated delivery: ${order.estimatedDelivery}.`,
          order.trackingNumber && `Tracking number: ${order.trackingNumber}.`,
          order.trackingUrl && `Follow your parcel here: ${order.trackingUrl}`,
        ),
      delayed: (order) =>
        sentences(
          `Your order ${order.number} is taking longer than planned. We are sorry about that.`,
          order.estimatedDelivery && `The new estimate for its delivery is ${order.estimatedDelivery}.`,
          order.trackingUrl && `Follow it here: ${order.trackingUrl}`,
        ),
      out_for_delivery: (order) =>
        sentences(
          `Your order ${order.number} is out for delivery and should reach you today.`,
          order.trackingUrl && `Follow it here: ${order.trackingUrl}`,
        ),
      delivery_failed: (order) =>
        sentences(
          `Unfortunately, your order ${order.number} could not be delivered${order.carrier ? ` by ${order.carrier}` : ''}.`,
          'If you need a hand, just write to us here.',
          order.trackingUrl && `See what happens next: ${order.trackingUrl}`,
        ),
      ready_for_pickup: (order) =>
        sentences(
          `Your order ${order.number} is ready for pickup.`,
          order.trackingUrl && `Details: ${order.trackingUrl}`,
        ),
      delivered: (order) =>
        sentences(
          `Your order ${order.number} has been delivered. We hope you like it!`,
          'If anything is not right, just write to us here.',
        ),
      cancelled: (order) =>
        sentences(
          `Your order ${order.number} has been cancelled.`,
          'If you did not expect this, reply here and we will look into it.',
        ),
      returned: (order) =>
        sentences(
          `We have received what you returned from order ${order.number}, thank you.`,
          'We will write to you once the refund is on its way.',
        ),
      refunded: (order) =>
        sentences(
          `We have issued a refund for your order ${order.number}.`,
          'Depending on your bank, it shows up in your account within a few days.',
        ),
    },
    fr,
    de,
    es,
  },

  /**
   * Statuses of your own, with texts above: `engraving: { after: 'paid', about: 'order' }`. `after` says where it comes
   * in the life of an order. `about: 'shipment'` or `'refund'` gives each parcel or refund its own message.
   */
  statuses: {},

  /**
   * Maps the statuses of your shop to these. `ignore` sends no message. A status that nothing maps is counted, logged
   * by its name and not sent.
   */
  statusMap: {
    // WooCommerce (most shops complete an order when they give it to the carrier)
    failed: 'payment_failed',
    'on-hold': 'on_hold',
    completed: 'shipped',
    // Plug-ins of WooCommerce
    'partial-shipped': 'shipped',
    'partially-shipped': 'shipped',
    'updated-tracking': 'shipped',
    'in-transit': 'shipped',
    dispatched: 'shipped',
    'awaiting-shipment': 'processing',
    'ready-to-ship': 'processing',
    preparing: 'processing',
    'ready-pickup': 'ready_for_pickup',
    'ready-for-pickup': 'ready_for_pickup',
    'ready-for-pick-up': 'ready_for_pickup',
    'pickup-ready': 'ready_for_pickup',
    pickup: 'delivered',
    'picked-up': 'delivered',
    'out-for-delivery': 'out_for_delivery',
    'out-delivery': 'out_for_delivery',
    backorder: 'delayed',
    backordered: 'delayed',
    // Magento
    pending_payment: 'pending',
    holded: 'on_hold',
    complete: 'shipped',
    canceled: 'cancelled',
    closed: 'refunded',
    // commercetools
    Complete: 'ignore',
  },

  /**
   * What a new status does to the previous message: `append` posts a new one (the visitor is notified), `edit`
   * changes the previous one in place, `replace` posts a new one and deletes the previous one. Set single statuses by
   * name: `out_for_delivery: 'edit'`.
   */
  policy: { default: 'append' },

  /** Which messages go first when they have to wait for Brevo's request limit: `high`, `normal` or `low`. */
  priority: { default: 'normal', payment_failed: 'high', announcements: 'low' },

  /** Who the messages are from: `{ agentId: '…' }` or `{ groupId: '…' }`, not both. If empty, Brevo picks an agent. */
  sender: {},

  /** A message is not posted if its event is older than this many hours. */
  freshnessHours: 24,

  /**
   * Brevo's request limit: 100 an hour on the General plan, 200 on Advanced, 600 on Extended. With the scope
   * `account`, it applies to all endpoints together; with `endpoint`, to each of them. If Brevo's answers report
   * another limit, that one applies.
   */
  requests: { limit: 100, windowSeconds: 3600, scope: 'account' },

  /**
   * Senders of webhooks that are not built in, by their name in the path: `acme: hmacSource({ … })` of
   * `lib/sources/own.ts` (docs/webhooks.md, A sender of your own).
   */
  sources: {},

  /**
   * How far the signed time of a webhook may be from now, by source. A gateway that repeats webhooks later than five minutes needs
   * more. A repeated webhook changes nothing, however late it is.
   */
  webhooks: { toleranceSeconds: { stripe: 300, standard: 300 } },

  /**
   * What happens to a new message whose outcome is unknown because Brevo's answer was lost: `hold` waits for an
   * operator's decision, `resend` posts it again, so that the visitor may see it twice.
   */
  onUnknownOutcome: 'hold',

  /** Brevo errors (500 to 599) that certainly had no effect. After one of these, the request is repeated. */
  definiteStatuses: [503],

  /**
   * Which agents are shown as online, and when. `keepOnline: 2` limits this to two of the agents on shift at a time,
   * in turn. Each online agent takes one request every minute or two.
   */
  presence: {
    agents: [
      {
        // Works in any account: Brevo creates an agent for an address it does not know. Use `agentId: '…'` for an
        // existing agent.
        agentEmail: 'shop@example.com',
        agentName: 'Shop team',
        receivedFrom: 'conversations-bridge',
        shifts: [
          { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00', timeZone: 'Europe/Paris' },
          // `to: '24:00'` means until midnight. `from: '22:00', to: '06:00'` ends on the next day.
        ],
      },
    ],
  },
});
