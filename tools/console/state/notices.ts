import { noticeView } from '../../../lib/http/notice-reply.ts';
import type { Notice } from '../../../lib/notices/notice.ts';
import type { NoticeLine, Notices } from '../state.ts';

const longest = 40;

/** What is held comes first, then what is under way, then the newest. */
const places: Record<NoticeLine['state'], number> = {
  unknown: 0,
  refused: 0,
  sending: 1,
  pending: 1,
  unaddressed: 2,
  settled: 2,
  expired: 2,
};

/** The notices that matter most, as the page lists them. */
export function listNotices(stored: Notice[]): Notices {
  const lines = stored.map(lineOf);
  const inState = (...states: NoticeLine['state'][]) =>
    lines.filter(({ state }) => states.includes(state)).length;
  return {
    total: lines.length,
    waiting: inState('pending', 'sending'),
    held: inState('unknown', 'refused'),
    list: lines
      .toSorted(
        (a, b) => places[a.state] - places[b.state] || (b.occurredAt ?? '').localeCompare(a.occurredAt ?? ''),
      )
      .slice(0, longest),
  };
}

function lineOf(notice: Notice): NoticeLine {
  const { dueAt, ...view } = noticeView(notice);
  return {
    ...view,
    ...(dueAt !== undefined && { dueAt: Date.parse(dueAt) }),
    ...(notice.desired !== undefined && { policy: notice.desired.policy }),
  };
}
