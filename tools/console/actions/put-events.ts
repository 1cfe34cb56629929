import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { credentials, region } from '../../aws/account.ts';
import type { Stack } from '../../aws/stack.ts';
import type { SampleEntry } from '../../samples/events.ts';
import { NotDone } from '../act.ts';

export type PutEvents = (entries: SampleEntry[]) => Promise<void>;

/** Puts events on the local bus, as any system of the shop would. */
export function createPutEvents({ urls, buses: [bus] }: Pick<Stack, 'urls' | 'buses'>): PutEvents {
  const client = new EventBridgeClient({ endpoint: urls.bus, region, credentials, maxAttempts: 1 });
  return async (entries) => {
    const { Entries: results = [] } = await client.send(
      new PutEventsCommand({ Entries: entries.map((entry) => ({ ...entry, EventBusName: bus })) }),
    );
    const refused = results.find(({ ErrorCode }) => ErrorCode !== undefined);
    if (refused) throw new NotDone(`The bus refused it: ${refused.ErrorMessage}`);
  };
}
