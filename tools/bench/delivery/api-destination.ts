/**
 * A rule of EventBridge with an API destination as its target
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html). It paces in whole requests a second,
 * gives up an answer after five, tries again for 24 hours and 185 times at most, and heeds only `Retry-After`, which Brevo
 * does not send. It remembers nothing of what it sent.
 */
import { messageRequest, type NaiveRequest, type Sender, startPings } from './sender.ts';

/** The slowest pace that can be set: one request a second. */
const paceMs = 1_000;

const patienceMs = 5_000;

const mostAttempts = 185;
const mostAgeMs = 24 * 3_600_000;

const firstPauseMs = 1_000;

/** AWS names 185 attempts in 24 hours: so many come about with pauses that double up to this. */
const longestPauseMs = 488_000;

/** As the documentation has it; all else that is no success is given up. */
const isRetried = (status: number): boolean => [401, 407, 409, 429].includes(status) || status >= 500;

interface Delivery extends NaiveRequest {
  since: number;
  attempts: number;
  mostAttempts: number;
}

export const apiDestination: Sender = {
  name: 'EventBridge API destination',
  patienceMs,
  install: async ({ clock, gate, random, fetch }) => {
    const chance = random('api-destination');
    let nextSlot = 0;

    const queue = (delivery: Delivery): void => {
      const at = Math.max(clock.now(), nextSlot);
      nextSlot = at + paceMs;
      clock.after(at - clock.now(), () => void attempt(delivery));
    };

    const attempt = async (delivery: Delivery): Promise<void> => {
      const attempts = delivery.attempts + 1;
      const ending = await gate.run('api-destination', 2 * patienceMs, () =>
        fetch(delivery.url, delivery.init),
      );
      if (ending.kind === 'done' && !isRetried(ending.result.status)) return;
      const retryAfterMs =
        ending.kind === 'done' ? Number(ending.result.headers.get('retry-after') ?? 0) * 1_000 : 0;
      const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** delivery.attempts) * (0.5 + chance());
      const pauseMs = Math.max(pause, retryAfterMs);
      const isTooLate = clock.now() + pauseMs - delivery.since > mostAgeMs;
      if (isTooLate || attempts > delivery.mostAttempts) return;
      clock.after(pauseMs, () => queue({ ...delivery, attempts }));
    };

    const send = (request: NaiveRequest, most: number): void =>
      queue({ ...request, since: clock.now(), attempts: 0, mostAttempts: most });

    // A ping of some minutes ago is worth nothing: its rule is set not to try again.
    startPings(clock, (ping) => send(ping, 0));
    return (event) => send(messageRequest(event), mostAttempts);
  },
};
