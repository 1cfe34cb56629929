/** `npm run bench:webhooks`: how long `receive-webhook` takes for a body of twenty kilobytes, the network left out. */
import { readdir, readFile } from 'node:fs/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { createHandler } from '../../functions/receive-webhook.ts';
import { sources } from '../../lib/sources/sources.ts';
import { secretOf, sign } from '../samples/webhooks.ts';
import { contextOf, DroppedMetrics } from '../simulation/function.ts';
import { markdown, quantile } from './figures.ts';

const bodyBytes = 20 * 1024;
const folder = new URL('../../events/', import.meta.url);

const sampleSchema = z.looseObject({
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  isBase64Encoded: z._default(z.boolean(), false),
  requestContext: z.looseObject({ timeEpoch: z.number() }),
});

/** A sample of a source that leads to events, with twenty kilobytes in a field that nobody reads. */
const sampleOf = async (source: string): Promise<{ event: APIGatewayProxyEventV2; now: number }> => {
  const files = (await readdir(folder)).filter((file) => file.startsWith(`receive-webhook.${source}-`));
  for (const file of files) {
    const event: APIGatewayProxyEventV2 = JSON.parse(await readFile(new URL(file, folder), 'utf8'));
    const { headers, body, isBase64Encoded, requestContext } = sampleSchema.parse(event);
    const small = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString();
    if (!small.startsWith('{')) continue;
    const note = 'Zoë läßt grüßen. '.repeat(2_000).slice(0, bodyBytes - small.length);
    const large = JSON.stringify({ ...JSON.parse(small), note });
    const now = requestContext.timeEpoch;
    const signed = { ...headers, ...sign(source, { body: large, now }) };
    const reading = sources[source]?.read({ headers: signed, query: {}, body: Buffer.from(large) }, now);
    if (reading?.kind !== 'events') continue;
    const encoded = Buffer.from(large).toString('base64');
    return { event: { ...event, headers: signed, body: encoded, isBase64Encoded: true }, now };
  }
  throw new Error(`no sample of ${source} leads to events`);
};

const context = contextOf('receive-webhook', 1, () => 10_000);

const warmUps = 200;
const runs = 5_000;

let published = 0;
let now = 0;
const handler = createHandler(async () => ({
  logger: new Logger({ logLevel: 'SILENT' }),
  metrics: new DroppedMetrics({ namespace: 'bench' }),
  tokens: async () => [],
  origins: [],
  sources,
  toleranceSeconds: {},
  webhookSecrets: async (source) => [secretOf(source)],
  publish: async (_, events) => {
    published += events.length;
  },
  deadLetter: async () => {},
  now: () => now,
}));

/** Handles webhooks of a source one after the other, on an instance that is warm. */
const time = async (source: string): Promise<number[]> => {
  const sample = await sampleOf(source);
  now = sample.now;
  const times: number[] = [];
  published = 0;
  for (let run = -warmUps; run < runs; run++) {
    const start = performance.now();
    await handler(sample.event, context);
    if (run >= 0) times.push(performance.now() - start);
  }
  if (published < runs + warmUps)
    throw new Error(`${source}: ${published} events of ${runs + warmUps} webhooks`);
  return times;
};

const rows: string[][] = [];
for (const source of Object.keys(sources)) {
  const times = await time(source);
  rows.push([source, ...[0.5, 0.99].map((share) => quantile(times, share).toFixed(3))]);
}
console.log(markdown(['source', 'median, ms', 'p99, ms'], rows));
