import { createHmac } from 'node:crypto';

/**
 * The chat's visitor id of a customer: `hex(HMAC-SHA256(secret, customerId))`. Whoever knows the id can read the
 * conversation, so that it must not be guessable; a page of the shop computes the same and hands it to the widget as
 * `BrevoConversationsSetup.visitorId`.
 */
export const visitorIdOf = (secret: string, customerId: string): string =>
  createHmac('sha256', secret).update(customerId).digest('hex');
