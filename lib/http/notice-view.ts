import { dueAt } from '../notices/deliver.ts';
import { type Notice, stateOf } from '../notices/notice.ts';
import type { NoticeView } from './contract/fields.ts';

const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** A notice as the API shows it. */
export const noticeView = (notice: Notice): NoticeView => {
  const { reference, visitorId, revision, desired, observed, unknown, refusal } = notice;
  const state = stateOf(notice);
  const reason = unknown?.reason ?? refusal?.reason ?? notice.lastError;
  return {
    reference,
    state,
    revision,
    messages: notice.messages,
    pendingDeletes: notice.pendingDeletes,
    unreachable: notice.orphans.length,
    attempts: notice.attempts,
    ...(visitorId === undefined ? {} : { visitorId }),
    ...(desired === undefined ? {} : { occurredAt: timeOf(desired.occurredAt) }),
    ...(desired?.text === undefined ? {} : { text: desired.text }),
    ...(desired === undefined || desired.status === '' ? {} : { status: desired.status }),
    ...(desired?.agentId === undefined ? {} : { agentId: desired.agentId }),
    ...(desired?.groupId === undefined ? {} : { groupId: desired.groupId }),
    ...(observed?.messageId === undefined ? {} : { newestMessageId: observed.messageId }),
    ...(state === 'pending' ? { dueAt: timeOf(dueAt(notice)) } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
};
