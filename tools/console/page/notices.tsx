/** The notices, and an operator's answers for those that are held. */
import type { NoticeLine, Notices as NoticesState } from '../state.ts';
import { act } from './act.tsx';
import { now, show } from './live.ts';
import { countdown, inWords, plural, shortId } from './words.ts';

const meanings: Record<NoticeLine['state'], string> = {
  unaddressed: 'waits for an event that names the visitor',
  pending: 'waits to be sent',
  sending: 'a request to Brevo is under way',
  settled: 'the chat shows what it should',
  unknown: 'Brevo’s answer was lost: the message may or may not have been sent',
  refused: 'Brevo refused it',
  expired: 'too old to be sent',
};

export const StateChip = ({ state }: { state: NoticeLine['state'] }) => (
  <span class={`chip is-${state}`} title={meanings[state]}>
    {state}
  </span>
);

const NoticeRow = ({ notice }: { notice: NoticeLine }) => {
  const { reference, state, status, text, visitorId, reason } = notice;
  return (
    <li class={`notice is-${state}`}>
      <div class="notice-line">
        <code title={reference}>{reference.split(':').map(shortId).join(':')}</code>
        {status !== undefined && <span class="order-status">{inWords(status)}</span>}
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
};

const factsOf = (notice: NoticeLine): string[] => {
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
};

const answers = {
  unknown: [
    { action: 'resend', label: 'Send again', hint: 'The message is not in the chat' },
    { action: 'sent', label: 'It was sent', hint: 'The message is in the chat' },
    { action: 'drop', label: 'Drop', hint: 'The message is no longer needed' },
  ],
  refused: [{ action: 'retry', label: 'Try again', hint: 'Brevo gets the request once more' }],
} as const;

/** What an operator may answer for a notice that is held. */
const Answers = ({ notice: { state, reference } }: { notice: NoticeLine }) => {
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
};

export const Notices = ({ notices }: { notices: NoticesState }) => {
  const { total, waiting, held, list } = notices;
  return (
    <section class="card notices" aria-labelledby="notices-heading">
      <header>
        <h3 id="notices-heading">
          Notices <span class="quiet">what each visitor should read now</span>
        </h3>
        {waiting > 0 && (
          <button type="button" class="small" onClick={() => void act('deliver')}>
            Deliver now
          </button>
        )}
      </header>
      {held > 0 && (
        <p class="needs-you" role="status">
          {held === 1 ? 'One notice needs' : `${held} notices need`} your decision.
        </p>
      )}
      {list.length === 0 ? (
        <p class="invitation">
          No messages yet. Press <strong>Paid</strong> on an order on the left, and watch the chat on the
          right.
        </p>
      ) : (
        <ul>
          {list.map((notice) => (
            <NoticeRow key={notice.reference} notice={notice} />
          ))}
        </ul>
      )}
      {total > list.length && <p class="quiet">{total - list.length} older notices are not shown.</p>}
    </section>
  );
};
