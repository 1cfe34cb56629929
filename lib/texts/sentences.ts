/**
 * Joins sentences with a space and leaves out those whose data is missing:
 * `` sentences('It has left us.', order.trackingUrl && `Follow it here: ${order.trackingUrl}`) ``
 */
export const sentences = (...parts: readonly (string | false | null | undefined)[]): string =>
  parts.filter(Boolean).join(' ');
