import type { Clock } from '../../simulation/clock.ts';
import type { Gate } from '../../simulation/gate.ts';
import type { Random } from '../../simulation/random.ts';
import type { Witness } from '../../simulation/witness.ts';

/** What a sender finds: the time, the network to the simulated Brevo, and chance. */
export interface Stage {
  clock: Clock;
  gate: Gate;
  witness: Witness;
  /** A stream of random numbers for each purpose. */
  random: (purpose: string) => Random;
  /** Leads to the simulated Brevo. */
  fetch: typeof fetch;
}

/** Brings the shop's events to the chat, and keeps the agents online. */
export interface Sender {
  name: string;
  /** How long it waits for an answer of Brevo's. Milliseconds. */
  patienceMs: number;
  /** @returns what takes an event from the bus, as EventBridge hands it on */
  install: (stage: Stage) => Promise<(event: string) => void>;
}
