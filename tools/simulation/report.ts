/** The verdict on a run, computed from the shop's events, Brevo's messages and log, and the stored notices. */

import { requestPlan } from '../../lib/config/requests.ts';
import { noticeView } from '../../lib/http/notice-reply.ts';
import { type Notice, stateOf } from '../../lib/notices/notice.ts';
import { presencePlan } from '../../lib/presence/plan.ts';
import { agents, type Options } from './config.ts';
import type { Network } from './network.ts';
import { backlogOf, budgetUsed } from './oracle/backlog.ts';
import {
  countDuplicates,
  countRegressions,
  countStale,
  isRight,
  readChats,
  type SubjectInChat,
  subjectsOf,
} from './oracle/chats.ts';
import { countOverLimit, countPingGaps, countWasted, isAmbiguous, postPath } from './oracle/traffic.ts';
import { type Run, run } from './run.ts';

/**
 * Simulates and judges. All but `wallSeconds` follows from the options alone.
 * @param alter puts something between the functions and the network, such as a fault of the bridge that is to be found
 * @throws {ConfigError} when the limit is too low for the simulated agents
 */
export const simulate = async (options: Options, alter?: (network: Network) => Network): Promise<Report> => {
  const start = performance.now();
  const report = reportOf(await run(options, alter));
  return { ...report, wallSeconds: Math.round(performance.now() - start) / 1000 };
};

/** The result of a run. p50, p95 and max are seconds from an event to the visitor's chat. */
export type Report = ReturnType<typeof reportOf> & { wallSeconds: number };

const reportOf = (run: Run) => {
  const { options, calls, requests, messages, events, notices } = run;
  const { limit, window, kind, scope } = options;
  const chats = readChats(subjectsOf(events, run.arrivals), messages);
  const stored = new Map(notices.map((notice) => [notice.reference, notice]));
  const verdicts = chats.map((chat) => judge(chat, stored.get(chat.subject.reference), doubtsIn(run)));
  const sure = verdicts.filter(({ isDoubtful }) => !isDoubtful);
  const seconds = chats.flatMap(secondsToChat).toSorted((a, b) => a - b);
  return {
    events: events.length,
    expected: events.flatMap(({ expected }) => expected).length,
    notices: chats.length,
    coalesced: sum(chats.map(countCoalesced)),
    requests: requests.length,
    requestsOverLimit: countOverLimit(
      requests,
      { limit, windowSeconds: window, kind, scope },
      run.limitChange,
    ),
    rateLimited: calls.filter(({ heard }) => heard?.status === 429).length,
    wasted: countWasted(calls, requests, messages),
    duplicates: sum(chats.map(countDuplicates)),
    lost: verdicts.filter(({ isLost }) => isLost).length,
    finalRight: sure.length === 0 ? 1 : sure.filter(({ isRight: right }) => right).length / sure.length,
    expired: notices.filter((notice) => stateOf(notice) === 'expired').length,
    stale: sum(chats.map((chat) => countStale(chat, options.freshness * 3_600_000))),
    regressions: sum(chats.map(countRegressions)),
    ambiguousPosts: ambiguousPosts(run).length,
    heldUnknown: notices.filter((notice) => stateOf(notice) === 'unknown').length,
    orphans: sum(notices.map((notice) => noticeView(notice).unreachable)),
    budgetUsedWhileBacklog: rounded(budgetUseIn(run, chats)),
    pingGapsOver180s: countPingGaps(agents, run),
    p50: percentile(seconds, 0.5),
    p95: percentile(seconds, 0.95),
    max: percentile(seconds, 1),
    kills: run.kills.length,
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;

/** Posts of which the bridge cannot know whether they took effect: the answer says nothing, or died with its reader. */
const ambiguousPosts = ({ calls, requests, kills, written }: Run) => {
  const killed = new Set(kills.map(({ worker }) => worker));
  const isForgotten = (
    messageId: string | null | undefined,
    worker: (typeof calls)[number]['worker'],
  ): boolean =>
    worker !== undefined &&
    killed.has(worker) &&
    messageId != null &&
    !written.some((text) => text.includes(messageId));
  return calls
    .filter(({ method, path }) => method === 'POST' && path === postPath)
    .filter((call) => isAmbiguous(call) || isForgotten(requests[call.logIndex ?? -1]?.target, call.worker));
};

/** What excuses a desired state that does not stand: its post was ambiguous, or whoever was at it was killed. */
const doubtsIn = (run: Run) => {
  const texts = new Set(ambiguousPosts(run).map(({ visitorId, text }) => `${visitorId} ${text}`));
  const claimed = new Set(run.kills.flatMap(({ claimed }) => claimed));
  return {
    isAmbiguous: (visitorId: string, text: string) => texts.has(`${visitorId} ${text}`),
    isForsaken: (reference: string) => claimed.has(reference),
  };
};

const judge = (chat: SubjectInChat, notice: Notice | undefined, doubts: ReturnType<typeof doubtsIn>) => {
  const { reference, visitorId, states, final } = chat.subject;
  const ambiguous = states.flatMap(({ text }) =>
    text !== undefined && doubts.isAmbiguous(visitorId, text) ? [text] : [],
  );
  const right = isRight(
    chat,
    ambiguous.filter((text) => text !== final.text),
  );
  const state = notice === undefined ? undefined : stateOf(notice);
  const isHeld = state === 'unknown' || state === 'refused' || state === 'expired';
  const stands = final.text === undefined ? right : chat.standing.some(({ text }) => text === final.text);
  return {
    isRight: right,
    isLost: !stands && !isHeld,
    isDoubtful:
      (final.text !== undefined && ambiguous.includes(final.text)) ||
      (state === 'unknown' && doubts.isForsaken(reference)),
  };
};

/** Desired states that were superseded before anybody saw them. */
const countCoalesced = ({ subject: { states, final }, sights }: SubjectInChat): number =>
  states.filter(
    (each, index) =>
      each !== final && each.text !== undefined && !sights.some((sight) => sight.index === index),
  ).length;

const secondsToChat = ({ subject: { states }, sights }: SubjectInChat): number[] =>
  states.flatMap(({ at }, index) => {
    const seen = sights.find((sight) => sight.index === index);
    return seen === undefined ? [] : [(seen.at - at) / 1000];
  });

const budgetUseIn = (run: Run, chats: readonly SubjectInChat[]): number => {
  const { limitChange: change } = run;
  const { limit, scope } = run.options;
  const plan = requestPlan(run.config.requests);
  const { upcoming } = presencePlan(run.config.presence, plan);
  const known = new Map<number, number>();
  const reservedFrom = (time: number): number => {
    const minute = Math.floor(time / 60_000) * 60_000;
    const reserved = known.get(minute) ?? upcoming(minute, plan.windowMs, 1)[0] ?? 0;
    known.set(minute, reserved);
    return reserved;
  };
  const isPost = ({ method, path }: Run['requests'][number]) => method === 'POST' && path === postPath;
  return budgetUsed(backlogOf(chats, run.end), {
    windowMs: plan.windowMs,
    limitAt: (time) => (change !== undefined && time >= change.at ? change.limit : limit),
    requests: scope === 'account' ? run.requests : run.requests.filter(isPost),
    reservedFrom: scope === 'account' ? reservedFrom : () => 0,
  });
};

const seconds = (value: number): string => {
  if (value < 120) return `${Math.round(value)} s`;
  return value < 7200 ? `${Math.round(value / 60)} min` : `${(value / 3600).toFixed(1)} h`;
};

/** A report for people. */
export const summaryOf = (options: Options, report: Report): string => {
  const { seed, orders, limit, window, kind, scope, faults, hours, unknown, outage } = options;
  const lines: [string, string | number][] = [
    ['events, each delivered three times', report.events],
    [
      'desired states',
      `${report.expected} of ${report.notices} notices, ${report.coalesced} superseded unsent`,
    ],
    ['requests to Brevo', `${report.requests}, ${report.wasted} wasted`],
    ['over the limit', `${report.requestsOverLimit}; 429 answers: ${report.rateLimited}`],
    ['notices right at the end', `${(report.finalRight * 100).toFixed(2)} %`],
    ['lost, expired, sent too late', `${report.lost}, ${report.expired}, ${report.stale}`],
    ['shown twice, shown out of order', `${report.duplicates}, ${report.regressions}`],
    [
      'posts of unknown outcome',
      `${report.ambiguousPosts}; ${report.heldUnknown} notices held, ${report.orphans} orphans`,
    ],
    ['invocations killed', report.kills],
    ['budget used while messages waited', `${(report.budgetUsedWhileBacklog * 100).toFixed(1)} %`],
    ['pings more than 180 s apart', report.pingGapsOver180s],
    [
      'time from event to chat',
      `half within ${seconds(report.p50)}, 95 % within ${seconds(report.p95)}, all within ${seconds(report.max)}`,
    ],
    ['computed in', `${report.wallSeconds.toFixed(1)} s`],
  ];
  const title =
    `${hours} h of a shop with ${orders} orders, ${limit} requests in ${window} s (${kind} window, counted by ${scope}),\n` +
    `faults: ${faults}${outage > 0 ? ` and ${outage} h without Brevo` : ''}, unknown outcomes: ${unknown}, seed: ${seed}`;
  return [title, '', ...lines.map(([what, value]) => `  ${what.padEnd(36)}${value}`)].join('\n');
};
