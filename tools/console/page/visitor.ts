import { effect, signal } from '@preact/signals';
import type { ChatMessage } from '../state.ts';
import { state } from './live.ts';

/** Whose chat is shown. */
export const visitor = signal('ada');

/** Until then the chat follows what a sample brings about, whoever is told. */
const followUntil = signal(0);
const followMs = 8_000;

export function show(visitorId: string): void {
  followUntil.value = 0;
  visitor.value = visitorId;
}

export function follow(): void {
  followUntil.value = Date.now() + followMs;
}

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
