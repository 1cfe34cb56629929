import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { findingsIn, outdated, unexplained } from './nag.ts';

test('the rule packs AwsSolutions and Serverless find nothing but what is meant to be so', () => {
  const findings = findingsIn(inject('templateFile'));
  expect(unexplained(findings)).toEqual([]);
  // Which has no e-mail address to tell.
  expect(outdated(findings).map(({ rule }) => rule)).toEqual(['Serverless-SNSRedrivePolicy']);
});

test('a queue that is not encrypted is found', async () => {
  const template = (await readFile(inject('templateFile'), 'utf8')).replaceAll(
    '"SqsManagedSseEnabled": true',
    '"SqsManagedSseEnabled": false',
  );
  const file = join(await temporaryFolder(), 'template.json');
  await writeFile(file, template);
  expect(unexplained(findingsIn(file))).toContainEqual({ rule: 'AwsSolutions-SQS2', resource: 'EventQueue' });
});
