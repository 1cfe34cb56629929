import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { stripe } from '../../../lib/sources/stripe/stripe.ts';
import { secretOf, sign } from '../../../tools/samples/webhooks.ts';
import { noon } from '../../support/incoming.ts';
import { opens, webhook } from './opening.ts';
import { bodyOf, dataOf, within } from './reading.ts';

const session = bodyOf('stripe-checkout-completed');
const failure = bodyOf('stripe-payment-failed');
const charge = bodyOf('stripe-charge-refunded');

/** The result of an event with a changed object and changed fields. */
const dataFrom = (event: Record<string, unknown>, object: object = {}, fields: object = {}) => {
  const data = within(event, 'data');
  return dataOf(stripe, {
    ...event,
    data: { ...data, object: { ...within(data, 'object'), ...object } },
    ...fields,
  });
};
const oneEventWith = (fields: object) => [expect.objectContaining(fields)];

test.each([
  ['checkout.session.completed', 'paid', oneEventWith({ status: 'paid' })],
  // A card is set up, a trial begins, or the order is free.
  ['checkout.session.completed', 'no_payment_required', 'no payment or refund was made'],
  ['checkout.session.completed', 'unpaid', oneEventWith({ status: 'pending' })],
  ['checkout.session.completed', null, 'no payment or refund was made'],
  ['checkout.session.async_payment_succeeded', 'paid', oneEventWith({ status: 'paid' })],
  ['checkout.session.async_payment_succeeded', 'unpaid', 'no payment or refund was made'],
  ['checkout.session.async_payment_failed', 'unpaid', oneEventWith({ status: 'payment_failed' })],
  ['checkout.session.expired', 'unpaid', 'unknown type: checkout.session.expired'],
  ['toString', 'paid', 'unknown type: toString'],
])('%s with the payment status %s has the right result', (type, payment_status, expected) => {
  expect(dataFrom(session, { payment_status }, { type })).toEqual(expected);
});

describe('the order', () => {
  test.each([
    [{ metadata: { order_id: ' A1 ', orderId: 'A2' }, client_reference_id: 'A3' }, 'A1'],
    [{ metadata: { order_id: '', orderId: 'A2' }, client_reference_id: 'A3' }, 'A2'],
    [{ metadata: {}, client_reference_id: 'A3' }, 'A3'],
    [{ metadata: null, client_reference_id: 'A3' }, 'A3'],
  ])('is named by %j', (object, orderId) =>
    expect(dataFrom(session, object)).toEqual(oneEventWith({ orderId })),
  );

  test('must be named', () => {
    expect(dataFrom(failure, { metadata: {} })).toBe(
      'the event has no order_id in its metadata and no client_reference_id',
    );
  });
});

describe('the addressee', () => {
  test.each([
    [{ metadata: { order_id: '1', brevo_visitor_id: 'v1' } }, { visitorId: 'v1' }],
    [{ metadata: { order_id: '1', brevo_visitor_id: '' } }, { customerId: 'stripe:cus_TmQ4x8ZpVn2LrB' }],
    [{ metadata: { order_id: '1' }, customer: null }, { customerId: undefined }],
    [{ metadata: { order_id: '1' }, customer: 'c'.repeat(256) }, { customerId: undefined }],
    [{ metadata: { order_id: '1' }, customer: { id: 'cus_1' } }, { customerId: undefined }],
  ])('is right for %j', (object, expected) =>
    expect(dataFrom(session, object)).toEqual(oneEventWith(expected)),
  );
});

test.each([
  ['eur', 4990, 49.9],
  ['usd', 1, 0.01],
  ['jpy', 5200, 5200],
  ['xof', 100, 100],
  ['kwd', 5124, 5.124],
  // No minor unit, but counted in hundredths.
  ['isk', 500, 5],
  // Stripe's pages contradict each other.
  ['ugx', 500, undefined],
  ['eur', null, undefined],
  ['money', 4990, undefined],
])('in %s, the amount %s is %s', (currency, amount_total, total) => {
  expect(dataFrom(session, { currency, amount_total })).toEqual(oneEventWith({ total }));
});

describe('a refund', () => {
  const refunds = {
    data: [
      { id: 're_1', amount: 100, created: 1 },
      { id: 're_3', amount: 300, created: 3 },
      { id: 're_2', amount: 200, created: 2 },
    ],
  };
  test.each([
    ['the latest one that the charge lists', { refunds }, { refundId: 're_3', total: 3 }],
    [
      'a partial one that the charge does not list',
      {},
      { refundId: 'ch_3SpRjvLkdIwHu7ix0uIoPaSd-990', total: 9.9 },
    ],
    [
      'the whole amount',
      { refunded: true, amount_refunded: 3480 },
      { refundId: 'ch_3SpRjvLkdIwHu7ix0uIoPaSd-3480', total: 34.8 },
    ],
  ])('is %s', (_, object, expected) => {
    expect(dataFrom(charge, object)).toEqual(oneEventWith({ status: 'refunded', ...expected }));
  });

  test('of another part is a separate event with the amount of that part', () => {
    const data = within(charge, 'data');
    const second = { ...data, previous_attributes: { amount_refunded: 990 } };
    expect(dataFrom({ ...charge, data: second }, { amount_refunded: 1490 })).toEqual(
      oneEventWith({ refundId: 'ch_3SpRjvLkdIwHu7ix0uIoPaSd-1490', total: 5 }),
    );
  });

  test('of no amount is ignored', () => {
    expect(dataFrom(charge, { amount_refunded: 0 })).toBe('no payment or refund was made');
  });
});

describe('a refund that came to nothing', () => {
  const failed = bodyOf('stripe-refund-failed');
  const references = ['re_3SpRnALkdIwHu7ix0ZxCvBnM', 'ch_3SpRnALkdIwHu7ix0AsDfGhJ-1200'].map(
    (id) => `order:7003/refund:${id}`,
  );

  test.each([
    ['refund.failed', 'failed'],
    ['refund.updated', 'canceled'],
    ['charge.refund.updated', 'failed'],
  ])('%s: %s is withdrawn, by both ids that it may have', (type, status) => {
    const data = dataFrom(failed, { status }, { type });
    expect(data).toEqual(references.map((reference) => expect.objectContaining({ reference })));
  });

  test('has the reference by which the refund was told', () => {
    const told = bodyOf('stripe-charge-refunded');
    const [, reference] = [
      dataFrom(failed, {
        charge: 'ch_3SpRjvLkdIwHu7ix0uIoPaSd',
        amount: 990,
        metadata: { order_id: 7001 },
      }),
    ].flat();
    const [refund] = [dataFrom(told)].flat();
    expect(reference).toMatchObject({ reference: `order:7001/refund:${Object(refund).refundId}` });
  });

  test.each(['pending', 'requires_action', 'succeeded', null])('is none if it is %s', (status) => {
    expect(dataFrom(failed, { status }, { type: 'refund.updated' })).toBe('the refund has not failed');
  });

  test('must name the order in its own metadata', () => {
    expect(dataFrom(failed, { metadata: {} })).toMatch('no order_id in its metadata');
  });
});

describe('a payment intent', () => {
  const intent = bodyOf('stripe-payment-intent-succeeded');
  test.each([
    ['payment_intent.succeeded', oneEventWith({ status: 'paid', total: 34.8 })],
    ['payment_intent.processing', oneEventWith({ status: 'pending', total: 34.8 })],
    ['payment_intent.payment_failed', oneEventWith({ status: 'payment_failed' })],
    ['payment_intent.canceled', 'payment_intent.canceled: a cancelled payment says nothing about the order'],
  ])('%s has the right result', (type, expected) => {
    expect(dataFrom(intent, {}, { type })).toEqual(expected);
  });

  test('names what was received, which may be less than was authorised', () => {
    expect(dataFrom(intent, { amount_received: 1000 })).toEqual(oneEventWith({ total: 10 }));
  });
});

test('the locale auto is left out', () => {
  expect(dataFrom(session, { locale: 'auto' })).toEqual(oneEventWith({ locale: undefined }));
});

test.each([
  [null, 'The webhook is invalid'],
  [[], 'The webhook is invalid'],
  [{}, 'type: is missing'],
  [{ ...session, created: 'now', id: 7 }, /id: .*; created: /],
  [{ ...session, created: 1e15 }, 'created: '],
  [{ ...session, data: null }, 'data: '],
])('a body that is not a Stripe event is refused %#', (body, message) => {
  expect(() => dataOf(stripe, body)).toThrow(message);
});

describe('the signature', () => {
  const body = '{"id":"evt_1"}';
  const { 'stripe-signature': right = '' } = sign('stripe', { body, now: noon });
  const [time = '', signature = ''] = right.split(',');

  test.each([
    ['several signatures, one of them right', `${time},v1=${'0'.repeat(64)},${signature}`, true],
    ['another scheme beside it', `${time},v0=${'0'.repeat(64)},${signature}`, true],
    ['another scheme alone', `${time},${signature.replace('v1', 'v0')}`, false],
    ['junk behind the time', `${time}junk,${signature}`, false],
    ['two times', `${time},${time},${signature}`, false],
    ['no time', signature, false],
    ['upper case', `${time},${signature.toUpperCase()}`, false],
    ['nothing', '', false],
  ])('in a header with %s is accepted: %s', (_, header, isGenuine) => {
    expect(opens('stripe', webhook(body, { 'stripe-signature': header }))).toBe(isGenuine);
  });

  test.each([' ', '.0', 'junk', 'e0'])('is refused if its time has more than digits: %j', (after) => {
    const seconds = `${noon / 1000}${after}`;
    const signed = createHmac('sha256', secretOf('stripe')).update(`${seconds}.${body}`).digest('hex');
    expect(opens('stripe', webhook(body, { 'stripe-signature': `t=${seconds},v1=${signed}` }))).toBe(false);
  });
});
