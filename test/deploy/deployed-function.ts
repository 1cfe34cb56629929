/** A function as it would be deployed: its package unpacked, in a process of its own, and what it asks of AWS noted. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import { credentials, region } from '../../tools/aws/account.ts';
import { startAwsCalls } from '../support/aws-calls.ts';
import { unzip } from '../support/unzip.ts';
import { startWatchedBundle } from '../support/watched-bundle.ts';

interface Surroundings {
  /** Where packages are unpacked. */
  folder: string;
  /** What the template sets for it. */
  environment: Record<string, string>;
  /** Where the services of AWS answer, by the prefix of their actions. */
  awsUrls: Record<string, string>;
}

const unpack = async (name: string, folder: string): Promise<void> => {
  const zip = await readFile(join(dirname(inject('templateFile')), `${name}.zip`));
  for (const [file, content] of unzip(zip)) {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
};

/** What Lambda sets itself; and one endpoint for all of AWS. */
const setByLambda = (awsUrl: string) => ({
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: 'session',
  AWS_ENDPOINT_URL: awsUrl,
  POWERTOOLS_LOG_LEVEL: 'SILENT',
});

/** Whoever starts it has to close it. */
export const startFunction = async (name: string, { folder, environment, awsUrls }: Surroundings) => {
  await unpack(name, join(folder, name));
  const { url, calls, close: closeServer } = await startAwsCalls(awsUrls);
  const file = join(folder, name, `functions/${name}.mjs`);
  const { DEAD_LETTER_QUEUE_URL: queueUrl, ...others } = environment;
  const { stop, ...bundle } = await startWatchedBundle(file, {
    ...others,
    ...(queueUrl === undefined ? {} : { DEAD_LETTER_QUEUE_URL: queueUrl.replace(/^http:\/\/[^/]+/, url) }),
    ...setByLambda(url),
  });
  const close = async () => {
    stop();
    await closeServer();
  };
  return { ...bundle, name, calls, close };
};
