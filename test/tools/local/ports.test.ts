import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../tools/aws/listen.ts';
import { choosePorts, requireFreePorts } from '../../../tools/local/ports.ts';

test('ports follow one another from 4000 or LOCAL_PORT', () => {
  expect(choosePorts({})).toEqual({
    console: 4000,
    httpApi: 4001,
    bus: 4002,
    brevo: 4003,
    dynamoDb: 4004,
    queues: 4005,
    lambda: 4006,
  });
  expect(choosePorts({ LOCAL_PORT: '5000' })).toMatchObject({ console: 5000, lambda: 5006 });
});

test.each(['', '0', '65530', '40 00', '4000x', '-1'])('LOCAL_PORT=%j is refused', (LOCAL_PORT) => {
  expect(() => choosePorts({ LOCAL_PORT })).toThrow('LOCAL_PORT must be a number from 1 to 65529');
});

test('a taken port is named with what it is needed for, and how to go on', async () => {
  const other = await listen(() => {}, 0);
  onTestFinished(other.close);
  const port = Number(new URL(other.url).port);
  await expect(requireFreePorts({ bus: port })).rejects.toThrow(
    `port ${port} is taken, and the local run needs it for the EventBridge endpoint\nStop what uses it, or choose other ports: LOCAL_PORT=5000 npm start`,
  );
});

test('a free port is none to complain about', async () => {
  const other = await listen(() => {}, 0);
  await other.close();
  await expect(requireFreePorts({ bus: Number(new URL(other.url).port) })).resolves.toBeUndefined();
});
