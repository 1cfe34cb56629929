import type { Clock } from './clock.ts';
import { between, type Random } from './random.ts';

const minuteMs = 60_000;

/**
 * Invokes a function each minute, as EventBridge does: a few seconds early or late, now and then half a minute late or
 * twice, and whether the one before has ended or not.
 */
export const startSchedule = (
  clock: Clock,
  random: Random,
  invoke: (event: unknown) => Promise<unknown>,
): void => {
  const offset = between(random, 0, 45_000);
  const tick = () => void invoke({ time: new Date(clock.now()).toISOString() });
  const plan = (minute: number) => {
    const due = minute * minuteMs + offset + between(random, 0, 8_000) + (random() < 0.02 ? 30_000 : 0);
    clock.after(due - clock.now(), tick);
    if (random() < 0.02) clock.after(due - clock.now() + between(random, 10, 5_000), tick);
    clock.after((minute + 1) * minuteMs - clock.now(), () => plan(minute + 1));
  };
  plan(Math.ceil(clock.now() / minuteMs));
};
