import { createHmac } from 'node:crypto';

export const visitorIdSecret = 'simulated-visitor-secret';

/** Named by the visitor's id where the chat was opened without an account. */
export interface Customer {
  id: string;
  isGuest: boolean;
}

export const visitorIdOf = ({ id, isGuest }: Customer): string =>
  isGuest ? `visitor-${id}` : createHmac('sha256', visitorIdSecret).update(id).digest('hex');

export const named = (who: Customer): object =>
  who.isGuest ? { visitorId: visitorIdOf(who) } : { customerId: who.id };
