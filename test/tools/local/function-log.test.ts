import { expect, test } from 'vitest';
import { shortenLogLine } from '../../../tools/local/function-log.ts';

const line = {
  level: 'INFO',
  message: 'event ingested',
  timestamp: '2026-11-24T03:22:24.095Z',
  service: 'conversations-bridge',
  cold_start: false,
  function_name: 'conversations-bridge-local-push-message',
  function_request_id: 'c97d7302',
  sampling_rate: 0,
};

test('a log line shows the function, what happened and its facts', () => {
  expect(shortenLogLine(JSON.stringify({ ...line, result: 'accepted', references: ['order:1'] }))).toBe(
    'push-message: event ingested result=accepted references=["order:1"]',
  );
});

test('what is no routine shows its level', () => {
  expect(shortenLogLine(JSON.stringify({ ...line, level: 'ERROR', message: 'function finished' }))).toBe(
    'push-message: ERROR function finished',
  );
});

test('start and end of an invocation are not shown', () => {
  expect(shortenLogLine(JSON.stringify({ ...line, message: 'function started' }))).toBeUndefined();
});

test.each(['plain text', '{"level":"INFO"}', '{'])('%s is shown as it is', (text) => {
  expect(shortenLogLine(text)).toBe(text);
});

test('metrics are not shown', () => {
  expect(shortenLogLine('{"_aws":{"Timestamp":1},"PingsSent":2}')).toBeUndefined();
});
