import { fc, test as property } from '@fast-check/vitest';
import { expect } from 'vitest';
import {
  type Claimed,
  claim,
  type OnUnknownOutcome,
  type Outcome,
  settle,
} from '../../../lib/notices/lease.ts';
import {
  blankNotice,
  type Notice,
  newestOf,
  pendingDeletes,
  type Step,
  shows,
  unreachableOf,
} from '../../../lib/notices/notice.ts';
import {
  overrideMessage,
  removeMessage,
  resolve,
  rewrite,
  withdrawByOverride,
} from '../../../lib/notices/override.ts';
import { record, withdraw } from '../../../lib/notices/record.ts';
import { incomingOrder, momentAt, noon } from '../../support/incoming.ts';

/** A notice and its chat, which experience events in any order. */
class World {
  notice: Notice = blankNotice('order:1001');
  /** The texts in the chat by message id, in the order of posting. */
  readonly chat = new Map<string, string>();
  /** Messages in the chat whose post got no answer. */
  readonly orphans = new Set<string>();
  now = noon;
  /** The calls whose outcome is not settled. All but the last one have lost their lease. */
  #calls: (Claimed & { outcome?: Outcome })[] = [];
  #claims = 0;
  readonly #onUnknownOutcome: OnUnknownOutcome;

  constructor(onUnknownOutcome: OnUnknownOutcome) {
    this.#onUnknownOutcome = onUnknownOutcome;
  }

  /** Posted messages whose outcome is not settled, and which already point to the notice. */
  get unsettled(): string[] {
    return this.#calls.flatMap(({ outcome }) => (outcome?.kind === 'posted' ? [outcome.messageId] : []));
  }

  claim(): void {
    const lease = { id: `lease-${this.#claims++}`, until: this.now + 90_000 };
    const { notice, claimed } = claim(this.notice, lease, momentAt(this.now, this.#onUnknownOutcome));
    this.notice = notice;
    // A worker whose lease has run out calls nobody any more.
    if (claimed !== undefined)
      this.#calls = [...this.#calls.filter(({ outcome }) => outcome !== undefined), claimed];
  }

  call(luck: 'good' | 'no-effect' | 'lost' | 'lost-before' | 'refused'): void {
    const current = this.#calls.at(-1);
    if (current !== undefined) current.outcome ??= this.#outcome(current.step, luck);
  }

  /** Settles the oldest call. */
  settle(): void {
    const [done, ...others] = this.#calls;
    if (done?.outcome === undefined) return;
    this.notice = settle(this.notice, done.call, done.outcome, momentAt(this.now, this.#onUnknownOutcome));
    this.#calls = others;
  }

  /** Lets time pass until nothing is left to do. Brevo works, and an operator resolves whatever is held. */
  comeToRest(): void {
    for (let round = 0; round < 100; round++) {
      this.call('good');
      while (this.#calls.length > 0) this.settle();
      this.now += 20 * 60_000;
      this.claim();
      if (this.#calls.length > 0) continue;
      const { now } = this;
      const answered = resolve(this.notice, 'resend', { now }) ?? resolve(this.notice, 'retry', { now });
      if (answered === undefined) return;
      this.notice = answered;
    }
    throw new Error('the notice never settled');
  }

  #outcome(step: Step, luck: Parameters<World['call']>[0]): Outcome {
    switch (luck) {
      case 'good':
        return this.#apply(step, false);
      case 'lost':
        this.#apply(step, true);
        return { kind: 'unknown', reason: 'time-out' };
      case 'lost-before':
        return { kind: 'unknown', reason: 'time-out' };
      case 'refused':
        return { kind: 'refused', reason: '400' };
      case 'no-effect':
        return { kind: 'no-effect', reason: '503', isBusy: false };
    }
  }

  #apply(step: Step, isLost: boolean): Outcome {
    switch (step.kind) {
      case 'post': {
        const messageId = `m${this.#claims}`;
        this.chat.set(messageId, step.text);
        if (isLost) this.orphans.add(messageId);
        return { kind: 'posted', messageId };
      }
      case 'edit':
        if (!this.chat.has(step.messageId)) return { kind: 'missing' };
        this.chat.set(step.messageId, step.text);
        return { kind: 'edited' };
      case 'delete':
        this.chat.delete(step.messageId);
        return { kind: 'deleted' };
    }
  }
}

type Happening = (world: World) => void;

/** A request of an operator or an event. Returns a check of the chat that must hold if no other request follows. */
type Want = (world: World) => ((rested: World) => void) | undefined;

const newest = ({ chat, orphans }: World): string | undefined =>
  Array.from(chat)
    .filter(([id]) => !orphans.has(id))
    .at(-1)?.[1];

const statuses = ['paid', 'processing', 'shipped', 'delivered'] as const;

const event = fc
  .record({
    status: fc.constantFrom(...statuses),
    at: fc.nat(5),
    policy: fc.constantFrom('append', 'edit', 'replace'),
    text: fc.constantFrom('a', 'b', 'c'),
    reopens: fc.boolean(),
  })
  .map(
    (given): Want =>
      (world) => {
        world.notice = record(world.notice, incomingOrder(given), world.now).notice;
        return undefined;
      },
  );

const withdrawal = fc.nat(5).map(
  (at): Want =>
    (world) => {
      world.notice = withdraw(world.notice, noon + at, world.now).notice;
      return undefined;
    },
);

const text = fc.constantFrom('a', 'b', 'by hand');

const rewriting = text.map(
  (said): Want =>
    (world) => {
      world.notice = rewrite(
        world.notice,
        { text: said },
        { now: world.now, postBy: world.now + 86_400_000 },
      );
      return (rested) => expect(newest(rested)).toBe(said);
    },
);

const withdrawing: Want = (world) => {
  world.notice = withdrawByOverride(world.notice, world.now);
  return ({ chat, orphans }) => expect([...chat.keys()].filter((id) => !orphans.has(id))).toEqual([]);
};

/** Ids of the messages that stay in the chat, oldest first. */
const keptIn = ({ messages }: Notice): string[] =>
  messages.flatMap(({ id, keep }) => (keep && id !== undefined ? [id] : []));

const pick = (world: World, index: number): string | undefined => {
  const known = [...keptIn(world.notice), ...world.unsettled];
  return known[index % known.length];
};

const removal = fc.nat(5).map(
  (index): Want =>
    (world) => {
      const id = pick(world, index);
      if (id === undefined) return undefined;
      const before = world.notice.desired;
      world.notice = removeMessage(world.notice, id, world.now);
      return ({ chat, notice }) => {
        expect(chat.has(id)).toBe(false);
        // The text stays in the chat, unless the deletion was about it.
        if (notice.desired?.text !== undefined) expect(notice.desired.text).toBe(before?.text);
      };
    },
);

const messageRewriting = fc.tuple(fc.nat(5), text).map(
  ([index, said]): Want =>
    (world) => {
      const kept = keptIn(world.notice);
      const id = kept[index % kept.length];
      if (id === undefined) return undefined;
      const rewritten = overrideMessage(world.notice, id, said, {
        now: world.now,
        postBy: world.now + 86_400_000,
      });
      if (rewritten === undefined) world.chat.set(id, said);
      else world.notice = rewritten;
      return ({ chat }) => expect([said, undefined]).toContain(chat.get(id));
    },
);

const claiming: Happening = (world) => world.claim();

const calling = fc.constantFrom('good', 'good', 'good', 'no-effect', 'lost', 'lost-before', 'refused').map(
  (luck): Happening =>
    (world) =>
      world.call(luck),
);

const settling: Happening = (world) => world.settle();

const passing = fc.constantFrom(1, 90_000).map(
  (ms): Happening =>
    (world) => {
      world.now += ms;
    },
);

/** The worker of a call does not settle it in time, and others continue after the cool-down. */
const takingOver: Happening = (world) => {
  for (let round = 0; round < 2; round++) {
    world.now += 90_000;
    world.claim();
  }
};

const want = fc
  .oneof(event, event, withdrawal, rewriting, fc.constant(withdrawing), removal, removal, messageRewriting)
  .map((given) => ({ want: given }));
const happening = fc
  .oneof(fc.constant(claiming), calling, calling, fc.constant(settling), passing, fc.constant(takingOver))
  .map((given) => ({ happening: given }));

const expectOwned = ({ notice, chat, orphans, unsettled }: World): void => {
  const known = notice.messages.flatMap(({ id }) => id ?? []);
  expect(new Set(known).size).toBe(known.length);
  for (const id of chat.keys()) if (!orphans.has(id)) expect([...known, ...unsettled]).toContain(id);
  // A call whose answer was lost counts once it is settled.
  expect(orphans.size).toBeLessThanOrEqual(unreachableOf(notice).length + 1);
};

const anyCourse = fc.array(fc.oneof(want, happening), { maxLength: 30 });

property.prop([fc.constantFrom('hold', 'resend'), anyCourse], { numRuns: 3000 })(
  'in any order of events, every message belongs to the notice, and the chat ends with the last desired state',
  (onUnknownOutcome, course) => {
    const world = new World(onUnknownOutcome);
    let last: ReturnType<Want>;
    for (const each of course) {
      if ('want' in each) last = each.want(world);
      else each.happening(world);
      expectOwned(world);
    }
    world.notice = { ...world.notice, visitorId: 'visitor-1' };
    world.comeToRest();
    expect(pendingDeletes(world.notice)).toEqual([]);
    const standing = [...world.chat.keys()].filter((id) => !world.orphans.has(id));
    expect(standing).toEqual(keptIn(world.notice));
    const { desired, hold } = world.notice;
    if (desired?.text !== undefined && hold === undefined)
      expect(shows(newestOf(world.notice), desired)).toBe(true);
    last?.(world);
  },
);
