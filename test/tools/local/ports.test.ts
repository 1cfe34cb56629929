import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../tools/aws/listen.ts';
import { choosePorts, refusedByBrowsers, requireFreePorts } from '../../../tools/local/ports.ts';

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

test('ports that browsers refuse are named before anybody wonders', () => {
  const warningFor = (LOCAL_PORT: string) => refusedByBrowsers(choosePorts({ LOCAL_PORT }));
  expect(warningFor('4000')).toBeUndefined();
  expect(warningFor('6000')).toBe('Browsers refuse port 6000 (console): choose another LOCAL_PORT');
  expect(warningFor('6660')).toBe(
    'Browsers refuse port 6665 (SQS endpoint), 6666 (Lambda Invoke endpoint): choose another LOCAL_PORT',
  );
});

test.each([1, 4045, 4190, 5060, 6000, 6566, 6669, 6697, 10080])(
  'port %i is on the list of the Fetch standard, which Node’s fetch follows too',
  async (port) => {
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ cause: { message: 'bad port' } });
    expect(refusedByBrowsers({ console: port })).toContain(`port ${port} `);
  },
);

test('the ports to choose instead are none that browsers refuse', async () => {
  const other = await listen(() => {}, 5_000);
  onTestFinished(other.close);
  await expect(requireFreePorts({ console: 5_000 })).rejects.toThrow('LOCAL_PORT=7000 npm start');
});
