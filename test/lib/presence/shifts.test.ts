import { fc, test as law } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { type Shift, weekdays } from '../../../lib/presence/agents.ts';
import { agentsOnShift, mostOnShift } from '../../../lib/presence/shifts.ts';

const shift = (days: Shift['days'], from: string, to: string, timeZone: string): Shift => ({
  days,
  from,
  to,
  timeZone,
});
const isOn = (shifts: Shift[], at: string | number) => agentsOnShift([{ shifts }], new Date(at)).length === 1;
const onAt = (shifts: Shift[], times: string[]) => times.filter((time) => isOn(shifts, time));

const office = [shift(['mon', 'tue', 'wed', 'thu', 'fri'], '09:00', '18:00', 'Europe/Paris')];

test('a shift includes its first minute and excludes its last', () => {
  // Monday in winter: Paris is an hour ahead of UTC.
  const times = ['2026-01-05T07:59:59Z', '2026-01-05T08:00Z', '2026-01-05T16:59:59Z', '2026-01-05T17:00Z'];
  expect(onAt(office, times)).toEqual(['2026-01-05T08:00Z', '2026-01-05T16:59:59Z']);
});

test('nine o’clock is nine o’clock local time in summer too', () => {
  expect(
    onAt(office, ['2026-07-06T06:59Z', '2026-07-06T07:00Z', '2026-07-06T15:59Z', '2026-07-06T16:00Z']),
  ).toEqual(['2026-07-06T07:00Z', '2026-07-06T15:59Z']);
});

test('days are those of the time zone, not of the machine or of UTC', () => {
  const auckland = [shift(['mon'], '08:00', '10:00', 'Pacific/Auckland')];
  // Sunday evening in UTC is Monday morning in Auckland.
  expect(onAt(auckland, ['2026-01-04T20:00Z', '2026-01-05T20:00Z'])).toEqual(['2026-01-04T20:00Z']);
});

test('nobody is on shift on other days', () => {
  expect(isOn(office, '2026-01-03T10:00Z')).toBe(false);
  expect(isOn(office, '2026-01-04T10:00Z')).toBe(false);
});

test('zones with half and quarter hours have their own local time', () => {
  const times = ['2026-01-05T03:29Z', '2026-01-05T03:30Z', '2026-01-05T03:14Z', '2026-01-05T03:15Z'];
  expect(onAt([shift(['mon'], '09:00', '10:00', 'Asia/Kolkata')], times.slice(0, 2))).toEqual([
    '2026-01-05T03:30Z',
  ]);
  expect(onAt([shift(['mon'], '09:00', '10:00', 'Asia/Kathmandu')], times.slice(2))).toEqual([
    '2026-01-05T03:15Z',
  ]);
});

test('a whole day is from 00:00 to 24:00', () => {
  const monday = [shift(['mon'], '00:00', '24:00', 'UTC')];
  const times = ['2026-01-04T23:59:59Z', '2026-01-05T00:00Z', '2026-01-05T23:59:59Z', '2026-01-06T00:00Z'];
  expect(onAt(monday, times)).toEqual(['2026-01-05T00:00Z', '2026-01-05T23:59:59Z']);
});

test('a night shift belongs to the day on which it starts', () => {
  const night = [shift(['fri'], '22:00', '06:00', 'UTC')];
  const times = [
    '2026-01-09T05:00Z', // Friday morning would be Thursday's night
    '2026-01-09T21:59Z',
    '2026-01-09T22:00Z',
    '2026-01-10T05:59Z',
    '2026-01-10T06:00Z',
    '2026-01-10T22:00Z',
  ];
  expect(onAt(night, times)).toEqual(['2026-01-09T22:00Z', '2026-01-10T05:59Z']);
});

test('a night shift that starts on Sunday ends on Monday', () => {
  const night = [shift(['sun'], '22:00', '06:00', 'Europe/Paris')];
  expect(
    onAt(night, ['2026-01-04T03:00Z', '2026-01-04T21:00Z', '2026-01-05T04:59Z', '2026-01-05T05:00Z']),
  ).toEqual(['2026-01-04T21:00Z', '2026-01-05T04:59Z']);
});

test('a shift until midnight can be written in two ways', () => {
  for (const to of ['24:00', '00:00']) {
    const evening = [shift(['mon'], '20:00', to, 'UTC')];
    const times = ['2026-01-05T19:59Z', '2026-01-05T23:59Z', '2026-01-06T00:00Z', '2026-01-05T00:00Z'];
    expect(onAt(evening, times)).toEqual(['2026-01-05T23:59Z']);
  }
});

const minutesOn = (shifts: Shift[], from: string, hours: number) =>
  Array.from({ length: hours * 60 }, (_, minute) => Date.parse(from) + minute * 60_000).filter((at) =>
    isOn(shifts, at),
  ).length;

test.each([
  // Forward: 02:00 to 03:00 is skipped. Back: the hour from 02:00 (01:00 in New York) is repeated.
  ['Europe/Paris', '2026-03-28T21:00Z', 8 * 60 - 60],
  ['Europe/Paris', '2026-10-24T20:00Z', 8 * 60 + 60],
  ['America/New_York', '2026-03-08T03:00Z', 8 * 60 - 60],
  ['America/New_York', '2026-11-01T02:00Z', 8 * 60 + 60],
])('the night in %s around %s, when the clock changes, has %i minutes', (timeZone, from, minutes) => {
  expect(minutesOn([shift(['sat'], '22:00', '06:00', timeZone)], from, 12)).toBe(minutes);
});

test('a shift in the skipped hour does not take place, and a shift in the repeated hour takes place twice', () => {
  const early = (timeZone: string) => [shift(['sun'], '02:00', '03:00', timeZone)];
  expect(minutesOn(early('Europe/Paris'), '2026-03-28T23:00Z', 24)).toBe(0);
  expect(minutesOn(early('Europe/Paris'), '2026-10-24T22:00Z', 25)).toBe(120);
});

test('on the day after a clock change, the shift starts at nine local time', () => {
  expect(onAt(office, ['2026-03-30T06:59Z', '2026-03-30T07:00Z'])).toEqual(['2026-03-30T07:00Z']);
  expect(onAt(office, ['2026-10-26T07:59Z', '2026-10-26T08:00Z'])).toEqual(['2026-10-26T08:00Z']);
});

test('an agent is on shift during any of several shifts, independently of other agents', () => {
  const agents = [
    { agentId: 'a', shifts: [...office, shift(['sat'], '10:00', '12:00', 'Europe/Paris')] },
    { agentId: 'b', shifts: office },
    { agentId: 'c', shifts: [] },
  ];
  const at = (time: string) => agentsOnShift(agents, Date.parse(time)).map(({ agentId }) => agentId);
  expect(at('2026-01-03T10:00Z')).toEqual(['a']);
  expect(at('2026-01-05T10:00Z')).toEqual(['a', 'b']);
  expect(at('2026-01-05T20:00Z')).toEqual([]);
});

const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
const written = (minutes: number) =>
  `${`${Math.floor(minutes / 60)}`.padStart(2, '0')}:${`${minutes % 60}`.padStart(2, '0')}`;

law.prop([
  fc.subarray([...weekdays], { minLength: 1 }),
  minute,
  fc.integer({ min: 0, max: 24 * 60 }),
  fc.integer({ min: 0, max: 4e12 }),
])(
  'an agent is on shift if a shift started on one of its days less than its length ago',
  (days, from, to, now) => {
    fc.pre(from !== to);
    const length = (to - from + 24 * 60) % (24 * 60) || 24 * 60;
    const dayMs = 24 * 3_600_000;
    const startedWithin = [0, 1].some((daysAgo) => {
      const midnight = Math.floor(now / dayMs) * dayMs - daysAgo * dayMs;
      const start = midnight + from * 60_000;
      const day = weekdays[(new Date(midnight).getUTCDay() + 6) % 7];
      return days.some((each) => each === day) && start <= now && now < start + length * 60_000;
    });
    expect(isOn([shift(days, written(from), written(to), 'UTC')], now)).toBe(startedWithin);
  },
);

const hours = (from: string, to: string, timeZone = 'UTC', ...days: Shift['days']): Shift => ({
  days: days.length > 0 ? days : ['mon', 'tue'],
  from,
  to,
  timeZone,
});
const agents = (...shifts: (Shift | Shift[])[]) => shifts.map((each) => ({ shifts: [each].flat() }));

test('nobody is on shift if there are no agents', () => {
  expect(mostOnShift([])).toBeUndefined();
});

test('the highest number of agents is reported with the start of the shift that reaches it', () => {
  const day = agents(hours('08:00', '12:00'), hours('09:30', '18:00'), hours('11:59', '13:00'));
  expect(mostOnShift(day)).toEqual({ agents: 3, when: 'Mon 11:59 UTC' });
});

test('a shift that ends when another starts does not overlap with it', () => {
  expect(mostOnShift(agents(hours('08:00', '12:00'), hours('12:00', '18:00')))?.agents).toBe(1);
});

test('an agent counts once, however many of its shifts overlap', () => {
  expect(mostOnShift(agents([hours('08:00', '12:00'), hours('09:00', '12:00')]))?.agents).toBe(1);
});

test('a night shift reaches into the next day, and the last one of the week into the first day', () => {
  const nights = agents(hours('22:00', '06:00', 'UTC', 'sun'), hours('05:59', '07:00', 'UTC', 'mon'));
  expect(mostOnShift(nights)).toEqual({ agents: 2, when: 'Mon 05:59 UTC' });
  const apart = agents(hours('22:00', '06:00', 'UTC', 'sun'), hours('06:00', '07:00', 'UTC', 'mon'));
  expect(mostOnShift(apart)?.agents).toBe(1);
});

test('a whole day overlaps up to its last minute', () => {
  const day = agents(hours('00:00', '24:00', 'UTC', 'mon'), hours('23:59', '24:00', 'UTC', 'mon'));
  expect(mostOnShift(day)?.agents).toBe(2);
  const next = agents(hours('00:00', '24:00', 'UTC', 'mon'), hours('00:00', '24:00', 'UTC', 'tue'));
  expect(mostOnShift(next)?.agents).toBe(1);
});

test('shifts in different time zones are compared in UTC', () => {
  const office = (timeZone: string) => hours('09:00', '16:00', timeZone);
  expect(mostOnShift(agents(office('Europe/Paris'), office('Asia/Tokyo')))?.agents).toBe(1);
  expect(mostOnShift(agents(office('Europe/Paris'), office('Asia/Kolkata')))?.agents).toBe(2);
  // Monday morning in Auckland is still Sunday in Honolulu.
  const islands = agents(
    hours('08:00', '10:00', 'Pacific/Auckland', 'mon'),
    hours('09:30', '11:00', 'Pacific/Honolulu', 'sun'),
  );
  expect(mostOnShift(islands)?.agents).toBe(2);
});

test('weeks count in which one zone has changed its clock and the other has not', () => {
  // New York is six hours behind Paris, but five for some weeks in March.
  const meeting = agents(
    hours('14:00', '14:30', 'Europe/Paris'),
    hours('09:00', '09:30', 'America/New_York'),
  );
  expect(mostOnShift(meeting)).toEqual({ agents: 2, when: 'Mon 14:00 Europe/Paris' });
  expect(
    mostOnShift(agents(hours('14:00', '14:30', 'Europe/Paris'), hours('10:00', '10:30', 'America/New_York')))
      ?.agents,
  ).toBe(1);
});

const quarters = Array.from(
  { length: 96 },
  (_, quarter) =>
    `${`${Math.floor(quarter / 4)}`.padStart(2, '0')}:${`${(quarter % 4) * 15}`.padStart(2, '0')}`,
);
const anyShift = fc
  .record({
    days: fc.subarray([...weekdays], { minLength: 1, maxLength: 3 }),
    from: fc.constantFrom(...quarters),
    to: fc.constantFrom(...quarters, '24:00'),
    timeZone: fc.constantFrom('UTC', 'Asia/Kolkata', 'America/Phoenix', 'Asia/Kathmandu'),
  })
  .filter(({ from, to }) => from !== to);

law.prop(
  [fc.array(fc.record({ shifts: fc.array(anyShift, { minLength: 1, maxLength: 2 }) }), { maxLength: 4 })],
  {
    numRuns: 25,
  },
)('in zones without clock changes, the highest number is that of all quarter hours of a week', (team) => {
  const week = Array.from({ length: 7 * 96 }, (_, quarter) => Date.UTC(2026, 0, 5) + quarter * 900_000);
  const most = Math.max(...week.map((at) => agentsOnShift(team, at).length));
  expect(mostOnShift(team)?.agents ?? 0).toBe(most);
});
