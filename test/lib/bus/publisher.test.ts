import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { fc, test as law } from '@fast-check/vitest';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPublisher, type OutgoingEvent, PublishFailed } from '../../../lib/bus/publisher.ts';
import { type AwsAnswer, startAws } from '../../support/aws-server.ts';

interface Entry {
  EventBusName: string;
  Source: string;
  DetailType: string;
  Time: number;
  Detail: string;
}

const at = Date.UTC(2026, 2, 1, 12);
const eventNamed = (id: string, data: object = {}): OutgoingEvent => ({
  type: 'message.pushed',
  id,
  at,
  data,
});
const eventsNamed = (count: number): OutgoingEvent[] =>
  Array.from({ length: count }, (_, index) => eventNamed(`e${index}`));

const idIn = ({ Detail }: Entry): string => JSON.parse(Detail).metadata.id;

const taking = (
  entries: readonly Entry[],
  refuse: (id: string) => string | undefined = () => undefined,
): AwsAnswer => {
  const Entries = entries.map((entry) => {
    const ErrorCode = refuse(idIn(entry));
    return ErrorCode === undefined ? { EventId: `bus-${idIn(entry)}` } : { ErrorCode, ErrorMessage: 'No.' };
  });
  return { body: { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries } };
};

/** A publisher and its bus, which gives the n-th answer to the n-th call. */
const startBus = async (answer: (entries: Entry[], call: number) => AwsAnswer) => {
  const { calls, settings } = await startAws<{ Entries: Entry[] }>(({ Entries }, call) =>
    answer(Entries, call),
  );
  const client = new EventBridgeClient({ ...settings, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  const pauses: number[] = [];
  const publish = createPublisher({
    client,
    busName: 'the-bus',
    source: 'conversations-bridge',
    pause: async (milliseconds) => void pauses.push(milliseconds),
  });
  return { publish, pauses, calls, put: () => calls.map(({ body }) => body.Entries.map(idIn)) };
};

/** The error that publishing ends with. */
const failureOf = async (publishing: Promise<void>): Promise<PublishFailed> => {
  const error = await publishing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof PublishFailed) return error;
  throw new Error('did not fail as it should', { cause: error });
};
const codesIn = ({ failed }: PublishFailed): string[] =>
  failed.map(({ event, code }) => `${event.id} ${code}`);

test('an event is put on the bus in the common envelope', async () => {
  const { publish, calls } = await startBus((entries) => taking(entries));
  await publish([eventNamed('e1', { reference: 'order:1001' })]);
  expect(calls).toMatchObject([
    {
      target: 'AWSEvents.PutEvents',
      body: {
        Entries: [
          {
            EventBusName: 'the-bus',
            Source: 'conversations-bridge',
            DetailType: 'message.pushed',
            Time: at / 1000,
          },
        ],
      },
    },
  ]);
  expect(JSON.parse(calls[0]?.body.Entries[0]?.Detail ?? '')).toEqual({
    metadata: {
      id: 'e1',
      version: '1',
      timestamp: '2026-03-01T12:00:00.000Z',
      domain: 'conversations',
      service: 'conversations-bridge',
      type: 'message.pushed',
    },
    data: { reference: 'order:1001' },
  });
});

test('an empty list causes no call', async () => {
  const { publish, calls } = await startBus((entries) => taking(entries));
  await publish([]);
  expect(calls).toEqual([]);
});

test('a call contains up to ten events, in order', async () => {
  const { publish, put, pauses } = await startBus((entries) => taking(entries));
  await publish(eventsNamed(25));
  expect(put().map((ids) => ids.length)).toEqual([10, 10, 5]);
  expect(put().flat()).toEqual(eventsNamed(25).map(({ id }) => id));
  expect(pauses).toEqual([]);
});

describe('the size of a call', () => {
  /** Leaves room for the fields that AWS adds in a queue. */
  const limit = 1024 * 1024 - 1023;
  /** An event with this size in bytes as AWS counts them: 14 for the time, plus source, detail-type and detail. */
  const sized = (id: string, bytes: number, filling = 'x'): OutgoingEvent => {
    const detail = { metadata: { id, version: '1', timestamp: new Date(at).toISOString() } };
    const metadata = { ...detail.metadata, domain: 'conversations', service: 'conversations-bridge' };
    const text = JSON.stringify({ metadata: { ...metadata, type: 'message.pushed' }, data: { text: '' } });
    const rest = bytes - 14 - 'conversations-bridge'.length - 'message.pushed'.length - text.length;
    const width = Buffer.byteLength(filling);
    return eventNamed(id, { text: filling.repeat(Math.floor(rest / width)) + 'x'.repeat(rest % width) });
  };

  test('stays below one mebibyte', async () => {
    const { publish, put } = await startBus((entries) => taking(entries));
    await publish([
      sized('a', 400_000),
      sized('b', limit - 400_001),
      sized('c', 400_000),
      sized('d', 400_000),
      sized('e', limit - 800_000),
    ]);
    expect(put()).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  test('is reduced where EventBridge takes less, so that only what is too large by itself is refused', async () => {
    const { publish, put } = await startBus((entries) =>
      entries.reduce((sum, { Detail }) => sum + Detail.length, 0) < 256 * 1024
        ? taking(entries)
        : {
            status: 400,
            body: { __type: 'ValidationException', message: 'Total size … is over the limit.' },
          },
    );
    const error = await failureOf(publish([sized('a', 200_000), sized('b', 200_000), sized('c', 300_000)]));
    expect(codesIn(error)).toEqual(['c EntryTooLarge']);
    expect(put()).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  test('is counted in bytes, not characters', async () => {
    const { publish, put } = await startBus((entries) => taking(entries));
    await publish([sized('a', limit - 1, '€'), sized('b', 500, '€')]);
    expect(put()).toEqual([['a'], ['b']]);
  });

  test('excludes an event that is too large, which is reported and does not affect the others', async () => {
    const { publish, put } = await startBus((entries) => taking(entries));
    const failure = await failureOf(publish([eventNamed('a'), sized('b', limit, '€'), eventNamed('c')]));
    expect(codesIn(failure)).toEqual(['b EntryTooLarge']);
    expect(put()).toEqual([['a', 'c']]);
  });
});

describe('entries that EventBridge refuses in a successful answer', () => {
  test('are sent again without the others, after a growing pause', async () => {
    const { publish, put, pauses } = await startBus((entries, call) =>
      taking(entries, (id) => (call < 3 && ['e1', 'e3'].includes(id) ? 'ThrottlingException' : undefined)),
    );
    await publish(eventsNamed(12));
    expect(put()).toEqual([eventsNamed(10).map(({ id }) => id), ['e1', 'e3'], ['e1', 'e3'], ['e10', 'e11']]);
    expect(pauses).toEqual([200, 400]);
  });

  test('are reported one by one if they are refused each time', async () => {
    const { publish, put } = await startBus((entries) =>
      taking(entries, (id) => ({ e1: 'InternalFailure', e11: 'MalformedDetail' })[id]),
    );
    const failure = await failureOf(publish(eventsNamed(12)));
    expect(codesIn(failure)).toEqual(['e1 InternalFailure', 'e11 MalformedDetail']);
    expect(failure).toMatchObject({
      name: 'PublishFailed',
      message:
        '2 events could not be put on the bus: message.pushed e1: InternalFailure; message.pushed e11: MalformedDetail',
      cause: undefined,
    });
    expect(put()).toHaveLength(6);
  });

  test('include entries that the answer omits', async () => {
    const { publish, put } = await startBus((_, call) =>
      call === 1 ? { body: { FailedEntryCount: 0, Entries: [{ EventId: '1' }] } } : { body: {} },
    );
    expect(codesIn(await failureOf(publish(eventsNamed(2))))).toEqual(['e1 NotConfirmed']);
    expect(put()).toEqual([['e0', 'e1'], ['e1'], ['e1']]);
  });
});

describe('a call that fails as a whole', () => {
  const failing = { status: 400, body: { __type: 'ThrottlingException', message: 'Rate exceeded' } };

  test('is not repeated, and its events are reported', async () => {
    const { publish, put, pauses } = await startBus((entries, call) =>
      call === 2 ? failing : taking(entries),
    );
    const failure = await failureOf(publish(eventsNamed(25)));
    expect(codesIn(failure)).toEqual(
      eventsNamed(20)
        .slice(10)
        .map(({ id }) => `${id} ThrottlingException`),
    );
    expect(failure.cause).toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
    expect(put().map((ids) => ids.length)).toEqual([10, 10, 5]);
    expect(pauses).toEqual([]);
  });

  test('does not affect the events that an earlier call put on the bus', async () => {
    const { publish } = await startBus((entries, call) =>
      call === 1 ? taking(entries, (id) => (id === 'e1' ? 'InternalFailure' : undefined)) : failing,
    );
    expect(codesIn(await failureOf(publish(eventsNamed(3))))).toEqual(['e1 ThrottlingException']);
  });

  test('is reported with its cause', async () => {
    const { publish } = await startBus(() => ({ status: 500, body: { __type: 'InternalException' } }));
    const failure = await failureOf(publish([eventNamed('e1')]));
    expect(codesIn(failure)).toEqual(['e1 InternalException']);
    expect(failure.cause).toMatchObject({ $metadata: { httpStatusCode: 500 } });
  });

  test('is reported even if the thrown value is not an error', async () => {
    const client = new EventBridgeClient({ region: 'eu-west-1' });
    client.middlewareStack.add(
      () => () => {
        throw 'torn cable';
      },
      { step: 'initialize' },
    );
    const publish = createPublisher({ client, busName: 'b', source: 's', pause: async () => {} });
    const failure = await failureOf(publish([eventNamed('e1')]));
    expect([codesIn(failure), failure.cause]).toEqual([['e1 Unknown'], 'torn cable']);
  });
});

const behaviour = fc.constantFrom('taken', 'refused once', 'refused twice', 'refused always');

/** Most events are small, but a few of these fill a call. */
const size = fc.oneof({ weight: 9, arbitrary: fc.nat(999) }, { weight: 1, arbitrary: fc.nat(600_000) });

law.prop([fc.array(fc.tuple(behaviour, size), { maxLength: 35 })], { numRuns: 20 })(
  'every event is put at least once, within the limits, and never again once it is on the bus',
  async (plan) => {
    const onBus = new Set<string>();
    const putAgain: string[] = [];
    const refusals = new Map<string, number>();
    const allowed = { taken: 0, 'refused once': 1, 'refused twice': 2, 'refused always': 3 };
    const behaviours = new Map(plan.map(([kind], index) => [`e${index}`, kind]));
    const { publish, calls } = await startBus((entries) => {
      putAgain.push(...entries.map(idIn).filter((id) => onBus.has(id)));
      return taking(entries, (id) => {
        const refused = refusals.get(id) ?? 0;
        if (refused >= allowed[behaviours.get(id) ?? 'taken']) {
          onBus.add(id);
          return undefined;
        }
        refusals.set(id, refused + 1);
        return 'InternalFailure';
      });
    });
    const events = plan.map(([, size], index) => eventNamed(`e${index}`, { text: 'x'.repeat(size) }));
    const failed = await publish(events).then(
      () => [],
      (error: unknown) =>
        error instanceof PublishFailed ? error.failed.map(({ event }) => event.id) : [String(error)],
    );
    const stubborn = [...behaviours].filter(([, kind]) => kind === 'refused always').map(([id]) => id);
    expect(failed).toEqual(stubborn);
    expect(putAgain).toEqual([]);
    expect(onBus).toEqual(new Set(events.map(({ id }) => id).filter((id) => !stubborn.includes(id))));
    for (const { body } of calls) {
      expect(body.Entries.length).toBeLessThanOrEqual(10);
      const bytes = body.Entries.reduce(
        (sum, { Source, DetailType, Detail }) => sum + 14 + Buffer.byteLength(Source + DetailType + Detail),
        0,
      );
      expect(bytes).toBeLessThan(1024 * 1024);
    }
  },
);
