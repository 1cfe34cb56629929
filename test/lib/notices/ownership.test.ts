import { fc, test as property } from '@fast-check/vitest';
import { expect } from 'vitest';
import { claim, type Outcome, settle } from '../../../lib/notices/lease.ts';
import { blankNotice, type Notice, type Step } from '../../../lib/notices/notice.ts';
import {
  overrideMessage,
  removeMessage,
  resolve,
  rewrite,
  withdrawByOverride,
} from '../../../lib/notices/override.ts';
import { record, withdraw } from '../../../lib/notices/record.ts';
import { incomingOrder, noon } from '../../support/incoming.ts';

/** A notice and its chat, which experience events in any order. */
class World {
  notice: Notice = blankNotice('order:1001');
  /** The texts in the chat by message id, in the order of posting. */
  readonly chat = new Map<string, string>();
  /** Messages in the chat whose post got no answer. */
  readonly orphans = new Set<string>();
  now = noon;
  #call: { notice: Notice; step: Step; outcome?: Outcome } | undefined;
  #calls = 0;

  /** The posted message whose outcome is not settled, which already points to the notice. */
  get unsettled(): string | undefined {
    return this.#call?.outcome?.kind === 'posted' ? this.#call.outcome.messageId : undefined;
  }

  claim(): void {
    if (this.#call !== undefined) return;
    const lease = { id: `lease-${this.#calls++}`, until: this.now + 90_000 };
    const { notice, step } = claim(this.notice, lease, this.#moment());
    this.notice = notice;
    if (step !== undefined) this.#call = { notice, step };
  }

  call(luck: 'good' | 'no-effect' | 'lost' | 'lost-before' | 'refused'): void {
    if (this.#call === undefined || this.#call.outcome !== undefined) return;
    this.#call.outcome = this.#outcome(this.#call.step, luck);
  }

  settle(): void {
    if (this.#call?.outcome === undefined) return;
    const settled = settle(this.notice, this.#call, this.#call.outcome, this.#moment());
    if (settled === undefined) throw new Error('the lease was lost');
    this.notice = settled;
    this.#call = undefined;
  }

  /** Lets time pass until nothing is left to do. Brevo works, and an operator resolves whatever is held. */
  comeToRest(): void {
    for (let round = 0; round < 100; round++) {
      this.call('good');
      this.settle();
      this.now += 20 * 60_000;
      this.claim();
      if (this.#call !== undefined) continue;
      const answered =
        resolve(this.notice, 'resend', { now: this.now }) ?? resolve(this.notice, 'retry', { now: this.now });
      if (answered === undefined) return;
      this.notice = answered;
    }
    throw new Error('the notice never settled');
  }

  #moment() {
    return { now: this.now, onUnknownOutcome: 'hold', random: () => 0.5 } as const;
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
        const messageId = `m${this.#calls}`;
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

const pick = (world: World, index: number): string | undefined => {
  const known = [...world.notice.messages, ...(world.unsettled === undefined ? [] : [world.unsettled])];
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
      const id = world.notice.messages[index % world.notice.messages.length];
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

const want = fc
  .oneof(event, event, withdrawal, rewriting, fc.constant(withdrawing), removal, removal, messageRewriting)
  .map((given) => ({ want: given }));
const happening = fc
  .oneof(fc.constant(claiming), calling, calling, fc.constant(settling), passing)
  .map((given) => ({ happening: given }));

const expectOwned = ({ notice, chat, orphans, unsettled }: World): void => {
  const owned = [...notice.messages, ...notice.pendingDeletes];
  if (unsettled !== undefined && !owned.includes(unsettled)) owned.push(unsettled);
  expect(new Set(owned).size).toBe(owned.length);
  for (const id of chat.keys()) if (!orphans.has(id)) expect(owned).toContain(id);
  // A call whose answer was lost counts once it is settled.
  expect(orphans.size).toBeLessThanOrEqual(notice.orphans.length + 1);
};

property.prop([fc.array(fc.oneof(want, happening), { maxLength: 30 })], { numRuns: 3000 })(
  'in any order of events, every message belongs to the notice, and the chat ends with the last desired state',
  (course) => {
    const world = new World();
    let last: ReturnType<Want>;
    for (const each of course) {
      if ('want' in each) last = each.want(world);
      else each.happening(world);
      expectOwned(world);
    }
    world.notice = { ...world.notice, visitorId: 'visitor-1' };
    world.comeToRest();
    expect(world.notice.pendingDeletes).toEqual([]);
    const standing = [...world.chat.keys()].filter((id) => !world.orphans.has(id));
    expect(standing).toEqual(world.notice.messages);
    const { desired } = world.notice;
    if (desired?.text !== undefined && !world.notice.expired && world.notice.observed !== undefined)
      expect(world.notice.observed.text).toBe(desired.text);
    last?.(world);
  },
);
