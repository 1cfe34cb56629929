import { dueAt } from '../notices/deliver.ts';
import { type Notice, stateOf } from '../notices/notice.ts';
import type { NoticeView } from './contract/fields.ts';

const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** A notice as the API shows it. */
export const noticeView = (notice: Notice): NoticeView => {
  const { reference, visitorId, revision, wish, applied, unknown, failure } = notice;
  const state = stateOf(notice);
  const reason = unknown?.reason ?? failure?.reason ?? notice.lastError;
  return {
    reference,
    state,
    revision,
    messages: notice.messages,
    toBeDeleted: notice.surplus,
    unreachable: notice.orphans.length,
    attempts: notice.attempts,
    ...(visitorId === undefined ? {} : { visitorId }),
    ...(wish === undefined ? {} : { occurredAt: timeOf(wish.occurredAt) }),
    ...(wish?.text === undefined ? {} : { text: wish.text }),
    ...(wish === undefined || wish.status === '' ? {} : { status: wish.status }),
    ...(wish?.agentId === undefined ? {} : { agentId: wish.agentId }),
    ...(wish?.groupId === undefined ? {} : { groupId: wish.groupId }),
    ...(applied?.messageId === undefined ? {} : { newestMessageId: applied.messageId }),
    ...(state === 'pending' ? { dueAt: timeOf(dueAt(notice)) } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
};
