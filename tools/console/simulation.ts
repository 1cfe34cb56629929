import * as z from 'zod/mini';
import { NotDone } from './act.ts';

/** The simulated Brevo's control API, as far as the console uses it. */
export type Simulation = {
  get: <S extends z.core.$ZodType>(path: string, schema: S) => Promise<z.output<S>>;
  post: (path: string, body: object) => Promise<void>;
};

/** @param control such as `http://127.0.0.1:4003/control` */
export function connectSimulation(control: string): Simulation {
  const call = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${control}${path}`, { ...init, signal: AbortSignal.timeout(2_000) });
    if (!response.ok) throw new NotDone(`The simulated Brevo answered ${response.status}`);
    return response.json();
  };
  return {
    get: async (path, schema) => z.parse(schema, await call(path)),
    post: async (path, body) => {
      const headers = { 'content-type': 'application/json' };
      await call(path, { method: 'POST', headers, body: JSON.stringify(body) });
    },
  };
}
