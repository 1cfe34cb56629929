import { doubtRepeated, dueAt, type Lease, takeUp } from '../../lib/notices/lease.ts';
import { blankNotice, type Notice, stateOf } from '../../lib/notices/notice.ts';
import { record } from '../../lib/notices/record.ts';
import type { NoticeStore } from '../../lib/notices/store.ts';

/** How one access to the table ends; `lost` is a write that took effect although it fails. */
type Access = 'done' | 'failed' | 'lost';

interface MemoryOptions {
  now: () => number;
  /** Called before each access; it may let other functions go first. */
  access: () => Promise<Access>;
  /** Changes what is written: a bug to find. */
  spoil?: ((notice: Notice) => Notice) | undefined;
}

/** The table of notices in memory: far faster than a database, and as unreliable as a test wants. */
export const createMemoryStore = ({ now, access, spoil = (notice) => notice }: MemoryOptions) => {
  const notices = new Map<string, Notice>();
  const pointers = new Map<string, string>();
  const stored = (reference: string): Notice => notices.get(reference) ?? blankNotice(reference);

  const through = async <Result>(take: () => Result): Promise<Result> => {
    const ending = await access();
    if (ending === 'failed') throw new Error('the table failed');
    const result = take();
    if (ending === 'lost') throw new Error('the answer of the table was lost');
    return result;
  };

  const change: NoticeStore['change'] = async (reference, transition, seen) => {
    let current = seen ?? (await through(() => stored(reference)));
    for (;;) {
      const next = transition(current);
      if (next === current) return current;
      const { version } = current;
      const written = await through(() => {
        const standing = stored(reference);
        if (standing.version !== version) return standing;
        notices.set(reference, structuredClone({ ...spoil(next), version: version + 1 }));
        return undefined;
      });
      if (written === undefined) return { ...next, version: version + 1 };
      current = written;
    }
  };

  const inState = (...states: string[]) =>
    [...notices.values()].filter((notice) => states.includes(stateOf(notice)));
  const unused = async () => {
    throw new Error('not simulated');
  };

  const store: NoticeStore = {
    read: async (reference) => through(() => stored(reference)),
    change,
    record: async (incoming, lease?: Lease) => {
      let result: Awaited<ReturnType<NoticeStore['record']>>['result'] = 'duplicate';
      const notice = await change(incoming.reference, (seen) => {
        const recorded = record(seen, incoming, now());
        result = recorded.result;
        const isFree = recorded.notice.call === undefined && doubtRepeated(recorded.notice) === undefined;
        const mayTake = lease !== undefined && result === 'accepted' && isFree;
        return mayTake ? takeUp(recorded.notice, lease, now()).notice : recorded.notice;
      });
      return { result, notice };
    },
    due: async () =>
      through(() =>
        inState('pending', 'sending').filter((notice) => (notice.call?.until ?? dueAt(notice)) <= now()),
      ),
    list: async () => through(() => ({ notices: inState('unknown', 'refused') })),
    ofVisitor: async function* (visitorId) {
      yield* await through(() =>
        [...notices.values()].flatMap((notice) => (notice.visitorId === visitorId ? [notice.reference] : [])),
      );
    },
    pointTo: async (messageId, reference) => through(() => void pointers.set(messageId, reference)),
    ownerOf: async (messageId) => through(() => pointers.get(messageId)),
    forget: async (messageId) => through(() => void pointers.delete(messageId)),
    erasures: { read: unused, begin: unused, all: unused, note: unused, end: unused },
  };
  return { store, notices, inState };
};
