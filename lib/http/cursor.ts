import * as z from 'zod/mini';
import { InvalidInput, parseJson } from '../runtime/parse.ts';
import { Problem } from './problem.ts';

const position = z.strictObject({
  key: z.string().check(z.regex(/^notice#/), z.maxLength(2000)),
  queueOrder: z.string().check(z.regex(/^\d\.\d{15}$/)),
});

/** A place in the list of notices. */
export type Position = z.output<typeof position>;

/** Where a page ended, in a form that says nothing to a deps. */
export const toCursor = (at: Position): string => Buffer.from(JSON.stringify(at)).toString('base64url');

/** @throws {Problem} when the text is no cursor */
export const fromCursor = (cursor: string): Position => {
  try {
    return parseJson(position, Buffer.from(cursor, 'base64url').toString(), 'The cursor');
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const detail = 'is not a cursor of this list';
    throw new Problem('invalid-request', {
      detail: `cursor: ${detail}`,
      errors: [{ parameter: 'cursor', detail }],
    });
  }
};
