import { expect, test } from 'vitest';
import { createClock } from '../../../tools/simulation/clock.ts';
import { createGate, type Ending } from '../../../tools/simulation/gate.ts';
import { createRandom } from '../../../tools/simulation/random.ts';

const simulated = ({ killShare = 0, random = createRandom(1, 'gate') } = {}) => {
  const clock = createClock(0);
  const killed: string[] = [];
  const gate = createGate({ clock, random, killShare, onKill: ({ name }) => void killed.push(name) });
  return { clock, gate, killed };
};

/** Gives these numbers, and then always the last one. */
const numbers = (...given: number[]) => {
  let next = 0;
  return () => given[Math.min(next++, given.length - 1)] ?? 0;
};

const answer = async () => ({ afterMs: 0, read: () => 'answer' });

test('calls of several workers interleave, in the same way each time', async () => {
  const play = async (seed: number) => {
    const { clock, gate } = simulated({ random: createRandom(seed, 'gate') });
    const calls: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      void gate.run(name, 10_000, async () => {
        for (let call = 1; call <= 5; call++) {
          await gate.pass(answer);
          calls.push(`${name}${call} at ${clock.now()}`);
        }
      });
    }
    await clock.runUntil(10_000);
    return calls;
  };
  const calls = await play(1);
  expect(calls).toHaveLength(15);
  expect(calls).toEqual(await play(1));
  expect(calls).not.toEqual(await play(2));
  expect(calls.map(([worker]) => worker).join('')).not.toBe('aaaaabbbbbccccc');
});

test('one service is called at a time', async () => {
  const { clock, gate } = simulated();
  let busy = 0;
  const service = async () => {
    expect(++busy).toBe(1);
    await new Promise(setImmediate);
    busy--;
    return answer();
  };
  const endings: Ending<unknown>[] = [];
  for (const name of ['a', 'b', 'c']) {
    void gate
      .run(name, 1_000, () => Promise.all([gate.pass(service), gate.pass(service)]))
      .then((ending) => endings.push(ending));
  }
  await clock.runUntil(1_000);
  expect(endings).toEqual(Array(3).fill({ kind: 'done', result: ['answer', 'answer'] }));
});

test('an error of a service reaches the worker that called it', async () => {
  const { clock, gate } = simulated();
  const endings: Ending<unknown>[] = [];
  const error = new Error('out of order');
  void gate
    .run('a', 1_000, () => gate.pass(() => Promise.reject(error)))
    .then((ending) => endings.push(ending));
  await clock.runUntil(1_000);
  expect(endings).toEqual([{ kind: 'failed', error }]);
});

test.each([
  { when: 'before', draws: [0], arrives: false },
  { when: 'after', draws: [1, 1, 1, 1, 1, 0], arrives: true },
])('a worker killed $when a call goes on no further', async ({ draws, arrives }) => {
  const { clock, gate, killed } = simulated({ killShare: 0.5, random: numbers(...draws) });
  const endings: Ending<unknown>[] = [];
  let hasArrived = false;
  let wentOn = false;
  void gate
    .run('a', 5_000, async () => {
      await gate.pass(() => {
        hasArrived = true;
        return answer();
      });
      wentOn = true;
    })
    .then((ending) => endings.push(ending));
  await clock.runUntil(10_000);
  expect({ hasArrived, wentOn }).toEqual({ hasArrived: arrives, wentOn: false });
  expect(endings).toEqual([{ kind: 'killed' }]);
  expect(killed).toEqual(['a']);
});

test('a worker that runs out of time stops where it is, and what it has sent arrives', async () => {
  const { clock, gate, killed } = simulated();
  const endings: Ending<unknown>[] = [];
  let wentOn = false;
  void gate
    .run('a', 1_000, async () => {
      await gate.pass(async () => ({ afterMs: 2_000, read: () => 'too late' }));
      wentOn = true;
    })
    .then((ending) => endings.push(ending));
  await clock.runUntil(10_000);
  expect(endings).toEqual([{ kind: 'timed-out' }]);
  expect(wentOn).toBe(false);
  expect(killed).toEqual([]);
});

test('a call from outside of every worker is a mistake in the simulation', async () => {
  await expect(simulated().gate.pass(answer)).rejects.toThrow('no worker');
});

test('a frozen worker goes on after its invocation has timed out', async () => {
  const { clock, gate, killed } = simulated();
  const heard: number[] = [];
  const ending = gate.run('a', 1_000, async () => {
    const worker = gate.worker();
    await gate.pass(async () => {
      if (worker !== undefined) gate.freeze(worker, 10_000);
      return answer();
    });
    heard.push(clock.now());
    await gate.pass(answer);
    heard.push(clock.now());
  });
  await clock.runUntil(20_000);
  expect(await ending).toEqual({ kind: 'timed-out' });
  expect(heard).toHaveLength(2);
  expect(heard[0]).toBeGreaterThanOrEqual(10_000);
  expect(killed).toEqual(['a']);
});

test('a deployment kills some of the invocations at work, and none that has ended', async () => {
  const { clock, gate, killed } = simulated();
  void gate.run('done', 1_000, async () => 'done');
  const ending = gate.run('at work', 60_000, () => clock.sleep(30_000));
  await clock.runUntil(10_000);
  gate.killSome(1);
  expect(killed).toEqual(['at work']);
  expect(await ending).toEqual({ kind: 'killed' });
});
