import type { Clock } from '../../simulation/clock.ts';
import { agents } from '../../simulation/config.ts';
import { type NaiveRequest, pingRequest } from './naive-request.ts';

const everyMs = 2 * 60_000;
const hourMs = 3_600_000;

/** Pings each agent on shift every second minute: each minute, as Brevo recommends, would take more than the limit for two. */
export const startPings = (clock: Clock, send: (ping: NaiveRequest) => void): void => {
  const tick = () => {
    const hour = (clock.now() / hourMs) % 24;
    for (const { id, from, to } of agents) if (hour >= from && hour < to) send(pingRequest(id));
    clock.after(everyMs, tick);
  };
  clock.after(everyMs - (clock.now() % everyMs), tick);
};
