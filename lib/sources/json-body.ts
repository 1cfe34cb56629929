import { InvalidInput } from '../runtime/parse.ts';

/**
 * A whole number that JavaScript would round comes as text: Shopify's sample order has the id 820982911946154508.
 * (Node 20 does not show a reviver the source, and rounds.)
 */
const exactly = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
    ? context?.source
    : value;

/**
 * The JSON value that the bytes are.
 * @throws {InvalidInput} when they are no UTF-8 or no JSON
 */
export const jsonIn = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body), exactly);
  } catch (cause) {
    // TypeError: no UTF-8; SyntaxError: no JSON; RangeError: nested too deeply to be read.
    const known = cause instanceof TypeError || cause instanceof SyntaxError || cause instanceof RangeError;
    if (!known) throw cause;
    throw new InvalidInput('The webhook', [{ path: [], message: 'not JSON in UTF-8' }]);
  }
};
