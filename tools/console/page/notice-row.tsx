import type { NoticeLine } from '../state.ts';
import { act } from './act.ts';
import { now } from './live.ts';
import { StateChip } from './state-chip.tsx';
import { show } from './visitor.ts';
import { countdown, inWords, plural, shortId } from './words.ts';

export function NoticeRow({ notice }: { notice: NoticeLine }) {
  const { reference, state, status, text, visitorId, reason } = notice;
  return (
    <li class={`notice is-${state}`}>
      <div class="notice-line">
        <code title={reference}>{reference.split(':').map(shortId).join(':')}</code>
        {status !== undefined && <span class="told">{inWords(status)}</span>}
        {visitorId !== undefined && (
          <button type="button" class="link" onClick={() => show(visitorId)}>
            {shortId(visitorId)}
            <span class="sr-only">: show this chat</span>
          </button>
        )}
        <StateChip state={state} />
      </div>
      {text !== undefined && <p class="text">{text}</p>}
      <p class="facts">{factsOf(notice).join(' · ')}</p>
      {reason !== undefined && <p class="why">{reason}</p>}
      <Answers notice={notice} />
    </li>
  );
}

function factsOf(notice: NoticeLine): string[] {
  const { revision, messages, pendingDeletes, attempts, dueAt, state, policy } = notice;
  const wait = dueAt === undefined ? 0 : dueAt - now.value;
  return [
    `revision ${revision}`,
    plural(messages.length, 'message'),
    ...(policy !== undefined && policy !== 'append' ? [policy] : []),
    ...(pendingDeletes.length > 0 ? [`${pendingDeletes.length} to delete`] : []),
    ...(attempts > 0 ? [plural(attempts, 'attempt')] : []),
    ...(state === 'pending' ? [wait > 0 ? `due in ${countdown(wait)}` : 'due, waits for the budget'] : []),
  ];
}

const answers = {
  unknown: [
    { action: 'resend', label: 'Send again', hint: 'It is not in the chat' },
    { action: 'sent', label: 'It was sent', hint: 'It is in the chat' },
    { action: 'drop', label: 'Drop', hint: 'It need not be told' },
  ],
  refused: [{ action: 'retry', label: 'Try again', hint: 'Brevo is asked once more' }],
} as const;

/** What an operator may answer for a notice that is held. */
function Answers({ notice: { state, reference } }: { notice: NoticeLine }) {
  if (state !== 'unknown' && state !== 'refused') return null;
  return (
    <fieldset class="wrap" aria-label={`Answer for ${reference}`}>
      {answers[state].map(({ action, label, hint }) => (
        <button
          key={action}
          type="button"
          class="small"
          title={hint}
          onClick={() => void act('resolve', { reference, action })}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}
