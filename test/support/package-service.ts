import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { partnerSources } from '../../tools/aws/account.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the CloudFormation template that the service packages to, for the stage `test`. */
    templateFile: string;
  }
}

const partnerParameters = partnerSources.flatMap((source) => {
  const [, partner = ''] = /^aws\.partner\/(\w+)\.com\//.exec(source) ?? [];
  return ['--param', `${partner}EventSource=${source}`];
});

/** Packages the service once for all tests: what they run against is what would be deployed. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const directory = await mkdtemp(join(tmpdir(), 'conversations-bridge-'));
  const options = ['--stage', 'test', '--package', directory, ...partnerParameters];
  await promisify(execFile)('serverless', ['package', ...options], { shell: process.platform === 'win32' });
  project.provide('templateFile', join(directory, 'cloudformation-template-update-stack.json'));
  return () => rm(directory, { recursive: true });
};
