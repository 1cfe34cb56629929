import type { Reading } from './source.ts';

/** Nothing for the bridge, and why. */
export const ignored = (reason: string): Reading => ({ kind: 'ignored', reason });

/** A topic or type as a reason may name it, which goes into a log. */
export const quoted = (topic: string | undefined): string =>
  topic !== undefined && /^[\w./-]{1,64}$/.test(topic) ? topic : 'none that could be named';
