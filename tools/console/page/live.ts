/** The state of the local run, as the server tells it: it comes by itself, and comes back by itself. */
import { signal } from '@preact/signals';
import type { State } from '../state.ts';

export const state = signal<State | undefined>(undefined);

/** Whether the local run is there. */
export const isConnected = signal(true);

/** Milliseconds since 1970, by the second: for whatever counts down. */
export const now = signal(Date.now());

export function listen(): void {
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
}

/** All parts come together, once everything is up. */
const isWhole = (parts: Partial<State>): parts is State => parts.run !== undefined;
