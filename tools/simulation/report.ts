/** The verdict on a run, computed from the shop's events, Brevo's messages and log, and the stored notices. */
import { noticeView } from '../../lib/http/notice-reply.ts';
import { type NoticeState, stateOf } from '../../lib/notices/notice.ts';
import { agents, type Options } from './config.ts';
import type { Worker } from './gate.ts';
import type { Alter } from './network.ts';
import { backlogOf, budgetUsed, overtakenShare } from './oracle/backlog.ts';
import {
  countRegressions,
  countStale,
  readChats,
  type SubjectInChat,
  seenAt,
  subjectsOf,
} from './oracle/chats.ts';
import { countOverLimit, countPingGaps, countWasted, pingsNeeded, postPath } from './oracle/traffic.ts';
import { ambiguousPosts, doubtsIn, erasedWrong, everHeld, heldNeedlessly, judge } from './oracle/verdicts.ts';
import { type Run, run } from './run.ts';

/**
 * Simulates and judges. All but `wallSeconds` follows from the options alone.
 * @param alter puts something between the functions and the network, such as a fault of the bridge that is to be found
 * @throws {ConfigError} when the limit is too low for the simulated agents
 */
export const simulate = async (options: Options, alter?: Alter): Promise<Report> => {
  const start = performance.now();
  const report = reportOf(await run(options, alter));
  return { ...report, wallSeconds: Math.round(performance.now() - start) / 1000 };
};

/** The result of a run. p50, p95 and max are seconds from an event to the visitor's chat. */
export type Report = ReturnType<typeof reportOf> & { wallSeconds: number };

const reportOf = (run: Run) => {
  const { options, calls, requests, messages, events, notices, desk } = run;
  const { limit, window, kind, scope } = options;
  const subjects = subjectsOf([...events, ...desk.stated], run.arrivals);
  const chats = readChats(subjects, messages, desk.tentative);
  const erased = new Set(desk.erasures.map(({ visitorId }) => visitorId));
  // Whoever is erased is forgotten: whatever comes after that is new.
  const kept = chats.filter(({ subject }) => !erased.has(subject.visitorId));
  const killed = new Set<Worker | undefined>(run.kills.map(({ worker }) => worker));
  // What is held waits for an operator, not for a request.
  const held = everHeld(run);
  const waiting = kept.filter(({ subject }) => !held.has(subject.reference));
  const stored = new Map(notices.map((notice) => [notice.reference, notice]));
  const doubts = doubtsIn(run);
  const verdicts = kept.map((chat) => judge(chat, stored.get(chat.subject.reference), doubts));
  const sure = verdicts.filter(({ isDoubtful }) => !isDoubtful);
  const seconds = chats.flatMap(secondsToChat).toSorted((a, b) => a - b);
  const inState = (state: NoticeState) => notices.filter((notice) => stateOf(notice) === state).length;
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
    wasted: countWasted(calls, requests, messages, (worker) => killed.has(worker)),
    duplicates: sum(verdicts.map(({ duplicates }) => duplicates)),
    lost: verdicts.filter(({ isLost }) => isLost).length,
    finalRight: sure.length === 0 ? 1 : sure.filter(({ isRight: right }) => right).length / sure.length,
    settledWrong: verdicts.filter(({ isSettledWrong }) => isSettledWrong).length,
    expired: inState('expired'),
    stale: sum(kept.map((chat) => countStale(chat, options.freshness * 3_600_000))),
    regressions: sum(kept.map(countRegressions)),
    overtaken: rounded(overtakenShare(waiting, run.end)),
    ambiguousPosts: ambiguousPosts(run).length,
    heldUnknown: inState('unknown'),
    heldNeedlessly: heldNeedlessly(run, subjects, doubts).length,
    orphans: sum(notices.map((notice) => noticeView(notice).unreachable)),
    erased: desk.erasures.filter(({ doneAt }) => doneAt !== undefined).length,
    erasedWrong: erasedWrong(run).length,
    budgetUsedWhileBacklog: rounded(budgetUseIn(run, waiting)),
    pingGapsOver180s: countPingGaps(agents, run),
    p50: percentile(seconds, 0.5),
    p95: percentile(seconds, 0.95),
    max: percentile(seconds, 1),
    kills: run.kills.length,
    awsFaults: run.awsFaults.length,
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;

/** Desired states that were superseded before anybody saw them. */
const countCoalesced = (chat: SubjectInChat): number =>
  chat.subject.states.filter(
    (each) => each !== chat.subject.final && each.text !== undefined && seenAt(chat, each) === undefined,
  ).length;

const secondsToChat = (chat: SubjectInChat): number[] =>
  chat.subject.states.flatMap((state) => {
    const seen = state.text === undefined ? undefined : seenAt(chat, state);
    return seen === undefined ? [] : [(seen - state.at) / 1000];
  });

const budgetUseIn = (run: Run, chats: readonly SubjectInChat[]): number => {
  const { limitChange: change } = run;
  const { limit, scope } = run.options;
  const windowMs = run.options.window * 1000;
  const reservedFrom = (time: number): number => Math.min(limit, pingsNeeded(agents, time, time + windowMs));
  const isPost = ({ method, path }: Run['requests'][number]) => method === 'POST' && path === postPath;
  return budgetUsed(backlogOf(chats, run.end), {
    windowMs,
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
  const { seed, orders, limit, window, kind, scope, faults, aws, hours, unknown, outage } = options;
  const lines: [string, string | number][] = [
    ['events, each delivered three times', report.events],
    [
      'desired states',
      `${report.expected} of ${report.notices} notices, ${report.coalesced} superseded unsent`,
    ],
    ['requests to Brevo', `${report.requests}, ${report.wasted} wasted`],
    ['over the limit', `${report.requestsOverLimit}; 429 answers: ${report.rateLimited}`],
    ['notices right at the end', `${(report.finalRight * 100).toFixed(2)} %`],
    ['settled, but the chat shows another text', report.settledWrong],
    ['lost, expired, sent too late', `${report.lost}, ${report.expired}, ${report.stale}`],
    ['shown twice, shown out of order', `${report.duplicates}, ${report.regressions}`],
    [
      'posts of unknown outcome',
      `${report.ambiguousPosts}; ${report.heldUnknown} notices held, ${report.orphans} orphans`,
    ],
    ['held though no post was ambiguous', report.heldNeedlessly],
    ['visitors erased', `${report.erased}, of which ${report.erasedWrong} are not`],
    ['invocations killed, requests failed by AWS', `${report.kills}, ${report.awsFaults}`],
    ['waits that an older one outlasted', `${(report.overtaken * 100).toFixed(1)} %`],
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
    `faults: ${faults}, AWS: ${aws}${outage > 0 ? ` and ${outage} h without Brevo` : ''}, unknown outcomes: ${unknown}, seed: ${seed}`;
  return [title, '', ...lines.map(([what, value]) => `  ${what.padEnd(44)}${value}`)].join('\n');
};
