import type { Agent } from './agent.ts';

const shortestMs = 120_000;
const longestMs = 180_000;

/** A ping at `at` (epoch ms) holds the agent online for 2 to 3 minutes: how long, is drawn anew each time. */
export function ping(agent: Agent, at: number, random: () => number): void {
  agent.onlineUntil = at + shortestMs + Math.floor(random() * (longestMs - shortestMs));
}

/** Whether visitors see the agent as online at `at` (epoch ms). */
export function isOnline({ onlineUntil }: Agent, at: number): boolean {
  return onlineUntil !== null && at < onlineUntil;
}
