/** What the page shows: the state of the local run, as the server sends it, and whose chat is open. */
import { effect, signal } from '@preact/signals';
import type { ChatMessage, State } from '../state.ts';

export const state = signal<State | undefined>(undefined);

/** Whether the local run is there. */
export const isConnected = signal(true);

/** Milliseconds since 1970, by the second: for whatever counts down. */
export const now = signal(Date.now());

/** Receives the state from the server, and again after a restart. */
export const listen = (): void => {
  let parts: Partial<State> = {};
  const source = new EventSource('/events');
  source.onopen = () => {
    isConnected.value = true;
    parts = {};
  };
  source.onerror = () => {
    isConnected.value = false;
  };
  source.onmessage = ({ data }) => {
    const changed: Partial<State> = JSON.parse(data);
    parts = { ...parts, ...changed };
    if (isWhole(parts)) state.value = parts;
  };
  setInterval(() => {
    now.value = Date.now();
  }, 1000);
};

/** All parts come together, once everything is up. */
const isWhole = (parts: Partial<State>): parts is State => parts.run !== undefined;

/** Whose chat is shown. */
export const visitor = signal('ada');

/** Until then the newest message opens its visitor's chat. */
const followUntil = signal(0);
const followMs = 8_000;

/** Opens a visitor's chat. */
export const show = (visitorId: string): void => {
  followUntil.value = 0;
  visitor.value = visitorId;
};

/** Lets the chats of the next messages open by themselves, for some seconds. */
export const follow = (): void => {
  followUntil.value = Date.now() + followMs;
};

const lastChange = ({ at, editedAt = 0, deletedAt = 0 }: ChatMessage): number =>
  Math.max(at, editedAt, deletedAt);

let seen = Date.now();
effect(() => {
  const messages = state.value?.chat?.messages ?? [];
  const newest = messages.toSorted((a, b) => lastChange(a) - lastChange(b)).at(-1);
  if (newest === undefined || lastChange(newest) <= seen) return;
  seen = lastChange(newest);
  if (Date.now() < followUntil.peek()) visitor.value = newest.visitorId;
});
