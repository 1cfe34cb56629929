import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Set by `npm run test:slow`. */
    inDepth: boolean;
  }
}

/** How many cases a test tries: few each time, many in `npm run test:slow`. */
export const cases = (few: number, many: number): number => (inject('inDepth') ? many : few);
