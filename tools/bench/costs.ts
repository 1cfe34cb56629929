/** What a million events of a kind cost, with the bridge and without. */
import { type Cost, costOf, type Shape } from './cost.ts';
import type { Warm } from './warm.ts';

const kinds: { name: string; contestant: string; load: string; shape: Shape }[] = [
  {
    name: 'push-message, fresh events in batches',
    contestant: 'push-message',
    load: 'batch',
    shape: {
      batchSize: 10,
      sequence: { dynamoDb: 5, eventBridge: 0.1, brevo: 1 },
      atOnce: 1,
      busEvents: 2,
      indexUnits: 3,
    },
  },
  {
    name: 'push-message, duplicates',
    contestant: 'push-message',
    load: 'again',
    shape: {
      batchSize: 10,
      sequence: { dynamoDb: 1, eventBridge: 0, brevo: 0 },
      atOnce: 10,
      busEvents: 1,
      indexUnits: 0,
    },
  },
  {
    name: 'baseline, fresh events and duplicates alike',
    contestant: 'baseline, queue',
    load: 'batch',
    shape: {
      batchSize: 10,
      sequence: { dynamoDb: 0, eventBridge: 0, brevo: 1 },
      atOnce: 10,
      busEvents: 1,
      indexUnits: 0,
    },
  },
];

export const costsOf = (warm: readonly Warm[]): (Cost & { name: string })[] =>
  kinds.map(({ name, contestant, load, shape }) => {
    const found = warm.find((each) => each.contestant === contestant && each.load === load);
    if (found === undefined) throw new Error(`${contestant} was not measured`);
    return { name, ...costOf(found, shape) };
  });
