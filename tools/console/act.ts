import type * as z from 'zod/mini';
import { InvalidInput, parse } from '../../lib/runtime/parse.ts';
import type { Answer } from './state.ts';

/** An action of the page: takes the request's body, and answers, or says in a sentence what it did. */
export type Act = (body: unknown) => Promise<string | Answer>;

/** The action could not be done; the message tells an operator why. */
export class NotDone extends Error {
  override readonly name = 'NotDone';
}

/** An action that takes what the schema lets through. */
export const action =
  <S extends z.core.$ZodType>(schema: S, perform: (input: z.output<S>) => Promise<string | Answer>): Act =>
  async (body) =>
    perform(parse(schema, body, 'The request'));

/** Performs an action: status and answer. */
export const act = async (perform: Act, body: unknown): Promise<[number, Answer]> => {
  try {
    const done = await perform(body);
    return [200, typeof done === 'string' ? { done } : done];
  } catch (error) {
    if (error instanceof InvalidInput) return [422, faulty(error)];
    if (error instanceof NotDone) return [409, { error: error.message }];
    const reason = error instanceof Error ? error.message : String(error);
    return [502, { error: `That did not work: ${reason}` }];
  }
};

/** The answer that names each field at fault. */
export const faulty = ({ message, faults }: InvalidInput): Answer => ({
  error: message,
  faults: faults.map(({ path, message }) => ({ field: path.join('.'), message })),
});
