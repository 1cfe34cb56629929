import * as z from 'zod/mini';
import { type Fault, faultsOf } from './faults.ts';
import './wording.ts';

/** Something from outside does not have the shape it must have. The message names every field at fault. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly faults: readonly Fault[];

  constructor(what: string, faults: readonly Fault[]) {
    const named = faults.map(({ path, message }) =>
      path.length > 0 ? `${path.join('.')}: ${message}` : message,
    );
    super(`${what} is invalid: ${named.join('; ')}`);
    this.faults = faults;
  }
}

const error = ({ input }: { input?: unknown }): string | undefined =>
  input === undefined ? 'is missing' : undefined;

/**
 * What the schema makes of a value from outside.
 * @param what names the value in the error, as in "The event is invalid: …"
 * @throws {InvalidInput} naming every field at fault
 */
export const parse = <S extends z.core.$ZodType>(schema: S, value: unknown, what: string): z.output<S> => {
  const result = z.safeParse(schema, value, { error });
  if (result.success) return result.data;
  throw new InvalidInput(what, result.error.issues.flatMap(faultsOf));
};

/**
 * What the schema makes of a JSON text from outside.
 * @throws {InvalidInput} when the text is no JSON, or naming every field at fault
 */
export const parseJson = <S extends z.core.$ZodType>(schema: S, text: string, what: string): z.output<S> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidInput(what, [{ path: [], message: 'not JSON' }]);
  }
  return parse(schema, value, what);
};
