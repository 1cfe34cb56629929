/** `npm run send -- events/<file>.json`: puts the events of a sample on the local bus. */
import { readFile } from 'node:fs/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { credentials, region, stackName } from './aws/account.ts';
import { choosePorts } from './local/ports.ts';
import { entriesOf } from './samples/events.ts';

/** @returns the exit code: 1 when the bus refused an event */
const send = async (file: string | undefined): Promise<number> => {
  if (file === undefined) throw new Error('Usage: npm run send -- events/<file>.json');
  const ports = choosePorts(process.env);
  const sample = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`${file} cannot be read`, { cause });
  });
  const entries = entriesOf(sample, { file, now: new Date() });
  const endpoint = `http://127.0.0.1:${ports.bus}`;
  const client = new EventBridgeClient({ endpoint, region, credentials, maxAttempts: 1 });
  const { Entries: results = [] } = await client
    .send(new PutEventsCommand({ Entries: entries.map((entry) => ({ ...entry, EventBusName: stackName })) }))
    .catch((cause: unknown) => {
      const isRefused = cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
      if (!isRefused) throw cause;
      throw new Error(`Nothing answers at ${endpoint}: start the local run with npm start`, { cause });
    });
  for (const [index, { EventId, ErrorCode, ErrorMessage }] of results.entries()) {
    const type = entries[index]?.DetailType;
    console.log(
      ErrorCode ? `${type}: refused, ${ErrorCode}: ${ErrorMessage}` : `${type}: on the bus as ${EventId}`,
    );
  }
  console.log(`Messages in the simulated Brevo: http://127.0.0.1:${ports.brevo}/control/messages`);
  return results.some(({ ErrorCode }) => ErrorCode) ? 1 : 0;
};

try {
  process.exitCode = await send(process.argv[2]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
