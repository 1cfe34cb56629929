import type { OrderTexts } from './order-text.ts';
import { sentences } from './order-text.ts';

export const de: OrderTexts = {
  pending: (order) =>
    sentences(
      `Vielen Dank für Ihre Bestellung ${order.number}!`,
      order.total && `Gesamtbetrag: ${order.total}.`,
      'Wir melden uns, sobald Ihre Zahlung eingegangen ist.',
    ),
  payment_failed: (order) =>
    sentences(
      `Leider hat die Zahlung für Ihre Bestellung ${order.number} nicht geklappt.`,
      'Sie können sie in Ihrem Kundenkonto wiederholen. Wenn etwas unklar ist, schreiben Sie uns einfach hier.',
    ),
  on_hold: (order) =>
    sentences(
      `Ihre Bestellung ${order.number} ist zurzeit angehalten.`,
      'Sobald es weitergeht, schreiben wir Ihnen hier.',
    ),
  paid: (order) =>
    sentences(
      `Danke! Ihre Zahlung${order.total ? ` über ${order.total}` : ''} für die Bestellung ${order.number} ist eingegangen.`,
      'Sobald die Ware unterwegs ist, melden wir uns.',
    ),
  processing: (order) =>
    sentences(
      `Wir bereiten Ihre Bestellung ${order.number} für den Versand vor.`,
      order.estimatedDelivery && `Voraussichtliche Lieferung: ${order.estimatedDelivery}.`,
    ),
  shipped: (order) =>
    sentences(
      `Gute Nachrichten: Ihre Bestellung ${order.number} ist${order.carrier ? ` mit ${order.carrier}` : ''} unterwegs.`,
      order.estimatedDelivery && `Voraussichtliche Lieferung: ${order.estimatedDelivery}.`,
      order.trackingNumber && `Sendungsnummer: ${order.trackingNumber}.`,
      order.trackingUrl && `Hier können Sie das Paket verfolgen: ${order.trackingUrl}`,
    ),
  delayed: (order) =>
    sentences(
      `Ihre Bestellung ${order.number} verspätet sich leider. Das tut uns leid.`,
      order.estimatedDelivery && `Neue voraussichtliche Lieferung: ${order.estimatedDelivery}.`,
      order.trackingUrl && `Hier können Sie sie verfolgen: ${order.trackingUrl}`,
    ),
  out_for_delivery: (order) =>
    sentences(
      `Ihre Bestellung ${order.number} wird gerade zugestellt und sollte heute bei Ihnen eintreffen.`,
      order.trackingUrl && `Hier können Sie sie verfolgen: ${order.trackingUrl}`,
    ),
  delivery_failed: (order) =>
    sentences(
      `Leider konnte Ihre Bestellung ${order.number}${order.carrier ? ` von ${order.carrier}` : ''} nicht zugestellt werden.`,
      'Wenn wir helfen können, schreiben Sie uns einfach hier.',
      order.trackingUrl && `So geht es weiter: ${order.trackingUrl}`,
    ),
  ready_for_pickup: (order) =>
    sentences(
      `Ihre Bestellung ${order.number} liegt zur Abholung bereit.`,
      order.trackingUrl && `Mehr dazu: ${order.trackingUrl}`,
    ),
  delivered: (order) =>
    sentences(
      `Ihre Bestellung ${order.number} wurde zugestellt. Viel Freude damit!`,
      'Falls etwas nicht stimmt, schreiben Sie uns einfach hier.',
    ),
  cancelled: (order) =>
    sentences(
      `Ihre Bestellung ${order.number} wurde storniert.`,
      'Wenn Sie das nicht erwartet haben, antworten Sie einfach hier, und wir sehen nach.',
    ),
  returned: (order) =>
    sentences(
      `Ihre Rücksendung zur Bestellung ${order.number} ist bei uns eingetroffen, vielen Dank.`,
      'Wir melden uns, sobald die Erstattung veranlasst ist.',
    ),
  refunded: (order) =>
    sentences(
      `Wir haben zu Ihrer Bestellung ${order.number} eine Erstattung veranlasst.`,
      'Je nach Bank ist sie in einigen Tagen auf Ihrem Konto.',
    ),
};
