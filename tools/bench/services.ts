/**
 * What the functions call, as a process of its own, so that its work is not counted as theirs: DynamoDB, the few other calls
 * to AWS, and the simulated Brevo. Tells its parent where they are, and what was used of DynamoDB since it was last asked.
 */

import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { credentials, region } from '../aws/account.ts';
import { listen } from '../aws/listen.ts';
import { startBrevo } from '../brevo/server.ts';
import { localSecrets } from '../local/environment.ts';
import { createAws } from '../simulation/aws.ts';
import { startDatabase, tableName } from '../simulation/database.ts';

const apiKey = 'bench-brevo-key';

const consumed = z.object({ ConsumedCapacity: z.object({ CapacityUnits: z.number() }) });

/** Since the parent asked last: requests to DynamoDB by operation, and the units that they took from the table alone. */
let used: { requests: Record<string, number>; units: number } = { requests: {}, units: 0 };

const database = await startDatabase();
const dynamoDb = await listen(async (request, response) => {
  const target = String(request.headers['x-amz-target']);
  const authorization = String(request.headers.authorization);
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target, authorization };
  const asked = { ...JSON.parse(await text(request)), ReturnConsumedCapacity: 'TOTAL' };
  const date = String(request.headers['x-amz-date']);
  const { statusCode, body } = await database.handle({
    headers: { ...headers, 'x-amz-date': date },
    body: JSON.stringify(asked),
  });
  response.writeHead(statusCode, { 'content-type': headers['content-type'] }).end(body);
  const operation = target.split('.').at(-1) ?? '';
  used.requests[operation] = (used.requests[operation] ?? 0) + 1;
  used.units +=
    consumed.safeParse(JSON.parse(Buffer.from(body).toString())).data?.ConsumedCapacity.CapacityUnits ?? 0;
}, 0);

const answer = createAws({ secrets: localSecrets(apiKey), onDeadLetter: () => {} });
const aws = await listen(async (request, response) => {
  const headers = { 'x-amz-target': String(request.headers['x-amz-target']) };
  const { statusCode, headers: sent, body } = await answer({ headers, body: await text(request) });
  response.writeHead(statusCode, sent).end(body);
}, 0);

const limit = { limit: 100_000_000, windowSeconds: 3600, kind: 'fixed', scope: 'account' } as const;
const brevo = await startBrevo({ port: 0, apiKey, limit });

const environment = {
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
  AWS_ENDPOINT_URL: aws.url,
  BREVO_BASE_URL: brevo.baseUrl,
  BREVO_API_KEY: apiKey,
  SECRETS_PARAMETER: 'secrets',
  TABLE_NAME: tableName,
  BUS_NAME: 'bus',
  DEAD_LETTER_QUEUE_URL: `${aws.url}/dead-letters`,
  POWERTOOLS_SERVICE_NAME: 'bench',
};

process.on('message', () => {
  process.send?.(used);
  used = { requests: {}, units: 0 };
});
process.on('disconnect', () => process.exit());
process.send?.({ environment });
