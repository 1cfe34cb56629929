import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as whole from '@aws-sdk/client-eventbridge';
import { build } from 'esbuild';
import { expect, onTestFinished, test, vi } from 'vitest';
import config from '../../../bridge.config.ts';
import { startAws } from '../../support/aws-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const plugin = pathToFileURL(join(process.cwd(), 'deploy/plugins/lean-bundles.mjs'));
const { default: plugins } = await import(plugin.href);

test('a bundle holds the configuration as it was checked, and does not check it again', async () => {
  const outfile = join(await temporaryFolder(), 'config.mjs');
  const { metafile } = await build({
    entryPoints: ['bridge.config.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    metafile: true,
    plugins,
  });
  const { default: bundled } = await import(/* @vite-ignore */ pathToFileURL(outfile).href);
  expect(JSON.parse(JSON.stringify(bundled))).toEqual(JSON.parse(JSON.stringify(config)));
  const order = { number: '1001', carrier: 'DHL' };
  expect(bundled.texts.fr.shipped(order)).toBe(config.texts.fr?.shipped?.(order));
  expect(Object.keys(metafile.inputs).filter((file) => file.includes('zod'))).toEqual([]);
});

test('a client of the AWS SDK that would have to stay whole does not go unnoticed', async () => {
  const contents = `export { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';`;
  const stdin = { contents, resolveDir: process.cwd() };
  const options = { bundle: true, platform: 'node', write: false, logLevel: 'silent' } as const;
  await expect(build({ ...options, stdin, plugins })).rejects.toThrow(/No matching export/);
});

/** The EventBridge client as deployments bundle it. */
const leanEventBridge = async () => {
  const contents = `export { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';`;
  const outfile = join(await temporaryFolder(), 'events.mjs');
  const stdin = { contents, resolveDir: process.cwd() };
  const mainFields = ['module', 'main'];
  await build({ stdin, outfile, bundle: true, platform: 'node', format: 'esm', mainFields, plugins });
  return import(/* @vite-ignore */ pathToFileURL(outfile).href);
};

test('what is left of the EventBridge client signs and sends as the whole one does', async () => {
  const lean = await leanEventBridge();

  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  onTestFinished(() => void vi.unstubAllEnvs());
  const sent: { hostname: string; headers: Record<string, string>; body: string }[] = [];
  const requestHandler = {
    handle: async (request: (typeof sent)[number]) => {
      sent.push(request);
      return { response: { statusCode: 200, headers: {}, body: Buffer.from('{"Entries":[]}') } };
    },
  };
  const entry = { Source: 's', DetailType: 'd', Detail: '{"é":1}', Time: new Date(0) };
  for (const sdk of [lean, whole]) {
    const client = new sdk.EventBridgeClient({ requestHandler });
    await client.send(new sdk.PutEventsCommand({ Entries: [entry] }));
  }
  const [ours, theirs] = sent.map(({ hostname, headers, body }) => ({
    hostname,
    body: Buffer.from(body).toString(),
    target: headers['x-amz-target'],
    token: headers['x-amz-security-token'],
    signedBy: headers.authorization?.split(', Signature')[0],
  }));
  expect(ours?.hostname).toBe('events.eu-central-1.amazonaws.com');
  expect(ours).toEqual(theirs);
});

test('an error of EventBridge keeps its name', async () => {
  const { EventBridgeClient, PutEventsCommand } = await leanEventBridge();
  const body = { __type: 'com.amazonaws.events#InternalException', message: 'said' };
  const { settings, calls } = await startAws(() => ({ status: 500, body }));
  const client = new EventBridgeClient({ ...settings, maxAttempts: 2 });
  onTestFinished(() => client.destroy());
  await expect(client.send(new PutEventsCommand({ Entries: [] }))).rejects.toMatchObject({
    name: 'InternalException',
    message: 'said',
  });
  expect(calls).toHaveLength(2);
});
