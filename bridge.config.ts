import { defineConfig } from './lib/config/config.ts';
import { de } from './lib/texts/de.ts';
import { es } from './lib/texts/es.ts';
import { fr } from './lib/texts/fr.ts';
import { sentences } from './lib/texts/order-text.ts';

/** All that you choose. `npm run preview` prints every text; a mistake in here fails the build and names the field. */
export default defineConfig({
  /** Spoken where an event names no locale, or one without a text. Its texts must be complete, others need not be. */
  defaultLocale: 'en',

  /**
   * What a visitor is told, by language and status. A regional language (`fr-CA`) uses its own texts if there are any, then
   * those of its language. `null` instead of a text says nothing about that status.
   *
   * An order's fields arrive formatted: `number`, and where known `total`, `carrier`, `trackingNumber`, `trackingUrl`,
   * `estimatedDelivery` and `items`. `sentences` leaves out those whose data is missing.
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
      out_for_delivery: (order) =>
        sentences(
          `Your order ${order.number} is out for delivery and should reach you today.`,
          order.trackingUrl && `Follow it here: ${order.trackingUrl}`,
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

  /** Your shop's own statuses and what they mean here. A status in neither list is refused. */
  statusMap: {
    // WooCommerce (most shops complete an order when they hand it to the carrier)
    failed: 'payment_failed',
    'on-hold': 'on_hold',
    completed: 'shipped',
    // Magento
    pending_payment: 'pending',
    holded: 'on_hold',
    complete: 'shipped',
    canceled: 'cancelled',
    closed: 'refunded',
  },

  /**
   * What a new status does to the message that is there: `append` posts another (the visitor is notified), `edit` changes it
   * in place, `replace` posts another and deletes the old one. For single statuses: `out_for_delivery: 'edit'`.
   */
  policy: { default: 'append' },

  /** Who goes first when Brevo's request limit makes messages wait: `high`, `normal` or `low`. */
  priority: { default: 'normal', payment_failed: 'high', announcements: 'low' },

  /** In whose name messages appear: `{ agentId: '…' }` or `{ groupId: '…' }`; empty, Brevo picks an agent. */
  sender: {},

  /** News older than this many hours is no longer told. */
  freshnessHours: 24,

  /**
   * How many requests Brevo allows in a window: 100 an hour on the General plan, 200 on Advanced, 600 on Extended, for all
   * of its endpoints together (`account`) or for each (`endpoint`). A limit that Brevo's answers name takes its place.
   */
  requests: { limit: 100, windowSeconds: 3600, scope: 'account' },

  /**
   * What becomes of a message whose outcome nobody knows, since Brevo's answer was lost: `hold` leaves it to an operator,
   * `resend` posts it again, so that the visitor may read it twice.
   */
  onUnknownOutcome: 'hold',

  /** Errors of Brevo (500 to 599) that are taken to have had no effect, so that the request is repeated. */
  definiteStatuses: [503],

  /**
   * Who is kept online, and when. `keepOnline: 2` keeps two of the agents on shift online, in turn: a ping each minute or
   * two for each agent takes its share of the requests.
   */
  presence: {
    agents: [
      {
        // Works in any account: Brevo makes up an agent for an address it does not know. For a real one: `agentId: '…'`.
        agentEmail: 'shop@example.com',
        agentName: 'Shop team',
        receivedFrom: 'conversations-bridge',
        shifts: [
          { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00', timeZone: 'Europe/Paris' },
          // Until midnight is `to: '24:00'`; `from: '22:00', to: '06:00'` lasts into the next day.
        ],
      },
    ],
  },
});
