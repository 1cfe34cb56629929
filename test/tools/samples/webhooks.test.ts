import { expect, test } from 'vitest';
import { freshen } from '../../../tools/samples/webhooks.ts';

const at = Date.UTC(2026, 0, 15, 9, 30);
const now = Date.UTC(2026, 2, 2, 12, 0, 5);
const moved = (body: string) => freshen(body, at, now);

test.each([
  ['"2026-01-15T09:30:00Z"', '"2026-03-02T12:00:05Z"'],
  ['"2026-01-15T09:29:00.250Z"', '"2026-03-02T11:59:05.250Z"'],
  ['"2026-01-15T04:30:00-05:00"', '"2026-03-02T07:00:05-05:00"'],
  ['"2026-01-15T09:30:00"', '"2026-03-02T12:00:05"'],
  ['"2026-01-19"', '"2026-03-06"'],
  ['"created": 1768469400,', '"created": 1772452805,'],
  ['"createdAt": 1768469400123}', '"createdAt": 1772452805123}'],
])('%s moves to %s', (before, after) => {
  expect(moved(before)).toBe(after);
});

test.each([
  '"1990-01-15"',
  '"1768469400"',
  '"id": 4509812345,',
  '"total": 1768469400.5',
  '"phone": "+4917684694001"',
  '{"ä": [1, 2]}',
])('%s is no time, and stays', (text) => {
  expect(moved(text)).toBe(text);
});
