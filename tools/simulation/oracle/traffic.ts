/** How the requests to Brevo were spent, from its own log: within the limit, to some effect, and often enough for presence. */
import type { Limit } from '../../brevo/admission.ts';
import type { Message } from '../../brevo/state.ts';
import type { Call, LoggedRequest } from '../brevo-wire.ts';

const pingPath = '/v3/conversations/agentOnlinePing';
export const postPath = '/v3/conversations/pushedMessages';

/** What a limit per endpoint counts by. */
const endpointOf = ({ method, path }: LoggedRequest): string =>
  `${method} ${path.replace(/(pushedMessages)\/.+/, '$1/{id}')}`;

/** Brevo counts what it lets in: not what it never took, nor what comes with a wrong key. */
const counts = ({ status, fault }: LoggedRequest): boolean => fault !== 'reset-before' && status !== 401;

/**
 * Requests that came when the limit was used up. Windows in which the limit was lowered are left out.
 * @param change a lower limit from some moment on
 */
export const countOverLimit = (
  requests: readonly LoggedRequest[],
  { limit, windowSeconds, kind, scope }: Limit,
  change?: { at: number; limit: number },
): number => {
  const windowMs = windowSeconds * 1000;
  const groups = Map.groupBy(requests.filter(counts), (request) =>
    scope === 'account' ? 'account' : endpointOf(request),
  );
  let over = 0;
  for (const group of groups.values()) {
    let inWindow: number[] = [];
    for (const { time } of group) {
      if (kind === 'sliding') inWindow = inWindow.filter((each) => time - each < windowMs);
      else if (time - (inWindow[0] ?? time) >= windowMs) inWindow = [];
      const start = kind === 'sliding' ? time - windowMs : (inWindow[0] ?? time);
      const isMixed = change !== undefined && start < change.at && change.at <= time;
      const now = change !== undefined && change.at <= time ? change.limit : limit;
      if (inWindow.length < now) inWindow.push(time);
      else if (!isMixed) over++;
    }
  }
  return over;
};

const isAmbiguousAnswer = (status: number | 'refused' | 'lost'): boolean =>
  status === 'lost' || status === 408 || (typeof status === 'number' && status >= 500 && status !== 503);

/** Whether the answer looks like a success, but is not the one that Brevo documents. */
const isOdd = ({ fault }: Call['trouble']): boolean =>
  fault?.kind === 'status-after' && 'body' in fault && fault.status < 300;

/** Whether the one who made the call cannot know what came of it. */
export const isAmbiguous = ({ heard, trouble }: Call): boolean =>
  heard === undefined || isAmbiguousAnswer(heard.status) || isOdd(trouble);

/**
 * Requests that changed nothing, other than pings, reads, those that the simulation made fail, and repeats after an
 * answer was lost, or died with its reader.
 * @param isDead whether a worker was killed
 */
export const countWasted = (
  calls: readonly Call[],
  requests: readonly LoggedRequest[],
  messages: readonly Message[],
  isDead: (worker: Call['worker']) => boolean = () => false,
): number => {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const uncertain = new Set<string>();
  let wasted = 0;
  for (const call of calls) {
    const { method, path, trouble, logIndex } = call;
    const line = `${method} ${path}`;
    const isExcused = trouble.fault !== undefined || trouble.isRevoked || uncertain.has(line);
    if (isAmbiguous(call) || isDead(call.worker)) uncertain.add(line);
    const request = logIndex === undefined ? undefined : requests[logIndex];
    if (request === undefined || method === 'GET' || path === pingPath || isExcused) continue;
    if (!hasEffect(request, byId)) wasted++;
  }
  return wasted;
};

/** A request may take effect for as long as somebody waits for its answer. Milliseconds. */
const underWayMs = 12_000;

const hasEffect = (
  { changed, target, time }: LoggedRequest,
  messages: ReadonlyMap<string, Message>,
): boolean => {
  if (changed !== 'updated') return changed !== null;
  const history = messages.get(target ?? '')?.history ?? [];
  const edit = history.findIndex(({ at }, index) => index > 0 && at >= time && at <= time + underWayMs);
  return history[edit]?.text !== history[edit - 1]?.text;
};

const longestMs = 180_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface Shift {
  id: string;
  /** Hours of each day, in UTC. */
  from: number;
  to: number;
}

interface Mishap {
  at: number;
  worker: { name: string } | undefined;
}

export interface PingRecord {
  requests: readonly LoggedRequest[];
  calls: readonly Call[];
  /** What AWS refused to a worker, and when a worker was killed. */
  awsFaults?: readonly Mishap[];
  kills?: readonly Mishap[];
  /** Milliseconds since 1970. */
  from: number;
  end: number;
  limitChange: { at: number } | undefined;
}

const pings = ({ worker }: Mishap): boolean => worker?.name.startsWith('ping-presence') === true;

/**
 * How often an agent on shift went without a ping for longer than 180 s, unless pings failed, the function that sends
 * them failed, or the limit was lowered meanwhile.
 */
export const countPingGaps = (shifts: readonly Shift[], record: PingRecord): number => {
  const { requests, calls, limitChange, awsFaults = [], kills = [] } = record;
  const disturbances = calls
    .filter(({ path }) => path === pingPath)
    .filter(({ trouble }) => trouble.isRefused || trouble.isRevoked || trouble.fault !== undefined)
    .map(({ at }) => at);
  disturbances.push(...[...awsFaults, ...kills].filter(pings).map(({ at }) => at));
  if (limitChange !== undefined) disturbances.push(limitChange.at);
  let gaps = 0;
  for (const { id, from, to } of shifts) {
    const pinged = requests
      .filter(({ changed, target }) => changed === 'pinged' && target === id)
      .map(({ time }) => time);
    for (const [start, end] of stretches({ from, to }, record)) {
      const times = [start, ...pinged.filter((time) => time > start && time < end), end];
      for (const [index, time] of times.entries()) {
        const next = times[index + 1] ?? time;
        const isExcused = disturbances.some((at) => at >= time && at <= next);
        if (next - time > longestMs && !isExcused) gaps++;
      }
    }
  }
  return gaps;
};

/** Brevo shows an agent as there for two minutes at least after a ping. Milliseconds. */
const pingedEveryMs = 120_000;

/**
 * The pings that keep all who are on shift shown as there for some time.
 * @param end all times in milliseconds since 1970
 */
export const pingsNeeded = (shifts: readonly Shift[], start: number, end: number): number =>
  shifts
    .flatMap((shift) => stretches(shift, { from: start, end }))
    .reduce((sum, [first, last]) => sum + Math.ceil((last - first) / pingedEveryMs), 0);

/** The shifts of all days, as far as somebody watched. */
const stretches = (
  { from, to }: Pick<Shift, 'from' | 'to'>,
  { from: start, end }: Pick<PingRecord, 'from' | 'end'>,
): [number, number][] => {
  const firstDay = Math.floor(start / dayMs);
  const days = Array.from(
    { length: Math.ceil(end / dayMs) - firstDay },
    (_, day) => (firstDay + day) * dayMs,
  );
  return days
    .map((day): [number, number] => [Math.max(start, day + from * hourMs), Math.min(end, day + to * hourMs)])
    .filter(([first, last]) => first < last);
};
