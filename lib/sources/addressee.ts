import { shopId } from '../bus/fields.ts';
import { detail, text } from './lenient.ts';

/** Under this name a shop's page notes the chat's visitor in an order. */
const visitorKey = 'brevo_visitor_id';

const customer = detail(shopId);

/** Something that a shop, its page or a plug-in has noted on an order. */
export interface Note {
  name?: string | undefined;
  value?: unknown;
}

/**
 * Whose order it is: the visitor that the first note with a name in it names, or else the sender's customer, as
 * `shopify:17`, since the customers of two senders may have the same id.
 */
export const addresseeOf = (
  sender: string,
  notes: readonly Note[],
  customerId: string | number | undefined,
): { visitorId: string } | { customerId: string | undefined } => {
  const visitorId = notes
    .filter(({ name }) => name === visitorKey)
    .map(({ value }) => text.parse(value))
    .find((value) => value !== undefined);
  if (visitorId !== undefined) return { visitorId };
  return { customerId: customer.parse(customerId === undefined ? undefined : `${sender}:${customerId}`) };
};
