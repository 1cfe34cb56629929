import type { ServerResponse } from 'node:http';

/**
 * Server-sent events: each listener gets the parts of the state that changed, once it was sent all of them. Reads the
 * state only while somebody listens, often while things happen and seldom while nothing does.
 */
export interface Feed {
  add: (response: ServerResponse) => void;
  /** Something happened: the state is read at once. */
  wake: () => void;
  close: () => void;
}

const lively = { everyMs: 250, forMs: 5_000 };
const calmMs = 1_000;

/** @param read gives the state, or nothing while everything is starting */
export const createFeed = (read: () => Promise<object | undefined>): Feed => {
  const listeners = new Set<ServerResponse>();
  let sent: Record<string, string> = {};
  let lastChange = 0;
  let timer: NodeJS.Timeout | undefined;
  let isReading = false;

  const schedule = (): void => {
    clearTimeout(timer);
    const isLively = Date.now() - lastChange < lively.forMs;
    if (listeners.size > 0) timer = setTimeout(() => void tick(), isLively ? lively.everyMs : calmMs);
  };

  const tick = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    try {
      const state = await read();
      if (state !== undefined) publish(state);
    } catch {
      // Services end before the page does, and a store may be busy: the next reading shows.
    } finally {
      isReading = false;
      schedule();
    }
  };

  const publish = (state: object): void => {
    const now = Object.fromEntries(
      Object.entries(state).map(([part, value]) => [part, JSON.stringify(value) ?? 'null']),
    );
    const changed = Object.entries(now).filter(([part, json]) => sent[part] !== json);
    sent = now;
    if (changed.length === 0) return;
    lastChange = Date.now();
    for (const listener of listeners) listener.write(messageOf(changed));
  };

  return {
    add: (response) => {
      // What was read for listeners that are gone may be old.
      if (listeners.size === 0) sent = {};
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(`retry: 500\n${messageOf(Object.entries(sent))}`);
      listeners.add(response);
      response.on('close', () => {
        listeners.delete(response);
      });
      void tick();
    },
    wake: () => {
      lastChange = Date.now();
      if (listeners.size > 0) void tick();
    },
    close: () => {
      clearTimeout(timer);
      for (const listener of listeners) listener.end();
      listeners.clear();
    },
  };
};

/** JSON holds no line break, so that one line of data is enough. */
const messageOf = (parts: [string, string][]): string =>
  `data: {${parts.map(([part, json]) => `${JSON.stringify(part)}:${json}`).join(',')}}\n\n`;
