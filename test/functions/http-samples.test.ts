import { readdirSync, readFileSync } from 'node:fs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { expect, test } from 'vitest';
import { secretOf } from '../../tools/samples/webhooks.ts';
import { startBridge } from '../support/bridge.ts';
import { access, files } from '../support/http-api.ts';
import { lambdaContext } from '../support/lambda-context.ts';

const folder = new URL('../../events/', import.meta.url);

/** The expected status for each sample, with an empty database. */
const answers: Record<string, number> = {
  'delete-agent-message.by-id': 404,
  'delete-pushed-message.by-id': 404,
  'erase-visitor.by-id': 202,
  'fallback-route.unknown-route': 404,
  'get-agent-message.by-id': 404,
  'get-erasure.by-id': 404,
  'get-notice.parcel': 404,
  'get-open-api.document': 200,
  'get-pushed-message.by-id': 404,
  'list-notices.held': 200,
  'ping-agent.by-id': 204,
  'post-agent-message.by-agent': 201,
  'post-pushed-message.back-in-stock': 201,
  'post-pushed-message.missing-fields': 400,
  'register-source.shopware': 200,
  'resolve-notice.resend': 404,
  'retry-notices.all': 202,
  'update-agent-message.new-text': 404,
  'update-notice.new-text': 404,
  'update-pushed-message.new-text': 404,
  'withdraw-notice.parcel': 404,
};

test('each operation of the HTTP API has a sample, and each sample has an expected status', () => {
  // Webhooks have their own samples.
  const names = Object.values(files).filter((file) => file !== 'receive-webhook');
  const samples = readdirSync(folder).filter((file) => names.includes(file.split('.')[0] ?? ''));
  expect(samples.map((file) => file.replace(/\.json$/, '')).toSorted()).toEqual(Object.keys(answers));
  expect(new Set(samples.map((file) => file.split('.')[0]))).toEqual(new Set(names));
});

test.each(Object.entries(answers))('the sample %s is answered with %i', async (sample, status) => {
  const bridge = await startBridge();
  const { createHandler } = await import(`../../functions/${sample.split('.')[0]}.ts`);
  const event: APIGatewayProxyEventV2 = JSON.parse(readFileSync(new URL(`${sample}.json`, folder), 'utf8'));
  const service = {
    ...bridge.worker(),
    ...access,
    tokens: async () => ['local-token'],
    webhookSecrets: async (source: string) => [secretOf(source)],
    toleranceSeconds: { shopware: Number.POSITIVE_INFINITY },
  };
  expect(await createHandler(async () => service)(event, lambdaContext())).toMatchObject({
    statusCode: status,
  });
});
