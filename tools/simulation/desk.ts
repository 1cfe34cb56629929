/** The shop's operators: they edit and withdraw notices, answer for held ones and erase visitors, all by the HTTP API. */
import * as z from 'zod/mini';
import { orderStatuses } from '../../lib/texts/order-status.ts';
import type { Message } from '../brevo/state.ts';
import type { Api, ApiReply } from './api.ts';
import type { Clock } from './clock.ts';
import { policyOf } from './config.ts';
import type { DeskTask } from './desk-tasks.ts';
import type { StatedEvent } from './event.ts';
import { between, oneOf, type Random } from './random.ts';

const minuteMs = 60_000;

const view = z.object({
  reference: z.string(),
  state: z.string(),
  visitorId: z.optional(z.string()),
  status: z.optional(z.string()),
  text: z.optional(z.string()),
  newestMessageId: z.optional(z.string()),
});
type View = z.output<typeof view>;

const ownMessage = z.object({ id: z.string(), text: z.string(), reference: z.string() });
const page = z.object({ notices: z.array(view), cursor: z.optional(z.string()) });
const progress = z.object({ unreachable: z.number() });

/** A text that an operator asked for, without learning what became of it. It may be shown or not. */
interface TentativeText {
  reference: string;
  visitorId: string;
  text: string;
}

/** Times in milliseconds since 1970. */
interface Erasure {
  visitorId: string;
  requestedAt: number;
  /** When the API said that no erasure is in progress any more. */
  doneAt?: number;
  /** Messages that the API has called unreachable. */
  unreachable: number;
}

export interface DeskOptions {
  clock: Clock;
  random: Random;
  api: Api;
  /** What Brevo shows now: the operators look there before they answer for a held notice. */
  messages: () => readonly Message[];
}

/** An operator tries so often before giving up. */
const attempts = 12;
const looksEveryMs = 20 * minuteMs;
/** An answer for a held notice comes when nothing can be under way any more. */
const answersAfterMs = 40 * minuteMs;

/** An override counts for more than each event of its status. */
const overrides = 1e15;

const isDone = ({ status }: ApiReply): boolean => status === 200 || status === 202;
const isRefused = ({ status }: ApiReply): boolean => status === 404 || status === 409;

export const createDesk = ({ clock, random, api, messages }: DeskOptions) => {
  const stated: StatedEvent[] = [];
  const tentative: TentativeText[] = [];
  /** Notices of which no operator could learn what became of the last edit. */
  const undecided = new Set<string>();
  const erasures: Erasure[] = [];
  const heldSince = new Map<string, number>();
  let underWay = 0;
  let edits = 0;

  /** Repeats until the API says how it ended. */
  const stubbornly = async (attempt: () => Promise<boolean>): Promise<boolean> => {
    underWay++;
    try {
      for (let tried = 0; tried < attempts; tried++) {
        if (await attempt()) return true;
        await clock.sleep(between(random, 0.5, 1.5) * minuteMs);
      }
      return false;
    } finally {
      underWay--;
    }
  };

  /** From now on the notice is to say this, unless its reply shows that something newer already came in between. */
  const nowSays = (
    { reference, visitorId }: DeskTask,
    said: { at: number; status: string | undefined; text: string | undefined },
  ) => {
    const { at, status, text } = said;
    const known = orderStatuses.find((each) => each === status);
    stated.push({
      id: `desk-${stated.length}`,
      at,
      expected: [
        {
          reference,
          visitorId,
          text,
          standsAlone: text === undefined || (known !== undefined && policyOf(known) === 'replace'),
          place: known === undefined ? [0, 0, at] : [0, orderStatuses.indexOf(known), overrides + at],
        },
      ],
    });
  };

  const edit = async (task: DeskTask, byMessage: boolean): Promise<void> => {
    const { reference, visitorId } = task;
    const isDecided = await stubbornly(async () => {
      const text = `${reference} as edited (${++edits})`;
      const messageId = byMessage ? await newestMessageOf(reference) : undefined;
      const at = clock.now();
      tentative.push({ reference, visitorId, text });
      const reply =
        messageId === undefined
          ? await api('update-notice', { path: { reference }, body: { text } })
          : await api('update-pushed-message', { path: { id: messageId }, body: { text } });
      if (isRefused(reply)) return true;
      if (!isDone(reply)) return false;
      const { success, data } = z.safeParse(z.union([view, ownMessage]), reply.body);
      if (success && data.text === text)
        nowSays(task, { at, status: 'status' in data ? data.status : undefined, text });
      return true;
    });
    if (!isDecided) undecided.add(reference);
  };

  const newestMessageOf = async (reference: string): Promise<string | undefined> => {
    const reply = await api('get-notice', { path: { reference } });
    return isDone(reply) ? view.parse(reply.body).newestMessageId : undefined;
  };

  const withdraw = async (task: DeskTask): Promise<void> => {
    const { reference } = task;
    const isDecided = await stubbornly(async () => {
      const at = clock.now();
      const reply = await api('withdraw-notice', { path: { reference } });
      if (isRefused(reply)) return true;
      if (!isDone(reply)) return false;
      const { text, status } = view.parse(reply.body);
      if (text === undefined) nowSays(task, { at, status, text });
      return true;
    });
    if (!isDecided) undecided.add(reference);
  };

  const erase = async ({ visitorId }: DeskTask): Promise<void> => {
    const erasure: Erasure = { visitorId, requestedAt: clock.now(), unreachable: 0 };
    erasures.push(erasure);
    const note = ({ status, body }: ApiReply): void => {
      if (status === 404) erasure.doneAt = clock.now();
      const { success, data } = z.safeParse(progress, body);
      if (success) erasure.unreachable = Math.max(erasure.unreachable, data.unreachable);
    };
    await stubbornly(async () => {
      const reply = await api('erase-visitor', { body: { visitorId } });
      note(reply);
      return isDone(reply) || isRefused(reply);
    });
    const look = async (): Promise<void> => {
      note(await api('get-erasure', { query: { visitorId } }));
      if (erasure.doneAt === undefined) clock.after(10 * minuteMs, () => void look());
    };
    clock.after(5 * minuteMs, () => void look());
  };

  const held = async (): Promise<View[]> => {
    const notices: View[] = [];
    for (let cursor: string | undefined; ; ) {
      const query = { held: 'true', ...(cursor === undefined ? {} : { cursor }) };
      const reply = await api('list-notices', { query });
      if (!isDone(reply)) return notices;
      const read = page.parse(reply.body);
      notices.push(...read.notices);
      cursor = read.cursor;
      if (cursor === undefined) return notices;
    }
  };

  /** Half of the held notices get an answer; it is true to what the chat shows. */
  const answerFor = async ({ reference, visitorId, text }: View): Promise<void> => {
    const path = { reference: `${reference}/resolve` };
    const shown = messages().findLast(
      (message) => message.visitorId === visitorId && message.text === text && message.deletedAt === null,
    );
    const body =
      shown === undefined
        ? { action: oneOf(random, ['resend', 'resend', 'drop']) }
        : { action: 'sent', ...(random() < 0.7 ? { messageId: shown.id } : {}) };
    await api('resolve-notice', { path, body });
  };

  const look = async (): Promise<void> => {
    for (const notice of await held()) {
      const { reference, state } = notice;
      const since = heldSince.get(reference) ?? clock.now();
      if (state === 'unknown') heldSince.set(reference, since);
      else
        await api('resolve-notice', {
          path: { reference: `${reference}/resolve` },
          body: { action: 'retry' },
        });
      if (clock.now() - since >= answersAfterMs && random() < 0.5) await answerFor(notice);
    }
    clock.after(looksEveryMs, () => void look());
  };

  const carryOut = (task: DeskTask): Promise<void> => {
    switch (task.kind) {
      case 'edit':
        return edit(task, false);
      case 'edit-message':
        return edit(task, true);
      case 'withdraw':
        return withdraw(task);
      case 'erase':
        return erase(task);
    }
  };

  return {
    open: (tasks: readonly DeskTask[]): void => {
      for (const task of tasks) clock.after(task.at - clock.now(), () => void carryOut(task));
      clock.after(looksEveryMs, () => void look());
    },
    isBusy: () => underWay > 0 || erasures.some(({ doneAt }) => doneAt === undefined),
    /** `heldSince` has each notice that an operator ever saw as held. */
    outcome: { stated, tentative, undecided, erasures, heldSince },
  };
};
