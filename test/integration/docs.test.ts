import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { choosePorts } from '../../tools/local/ports.ts';
import { freeBase, newDirectory, root, runLocally, untilHealthy } from '../support/local-run.ts';

/**
 * The commands of a document, in order; those of a block marked `sh refused` must fail. A block marked `sh aws` needs an AWS
 * account, one marked `sh manual` starts or checks things by itself: both are left out.
 */
const commandsIn = (file: string): string[] =>
  Array.from(
    readFileSync(file, 'utf8').matchAll(/^ *```sh( refused)?\n(.*?)^ *```$/gms),
    ([, mark, block = '']) => (mark === undefined ? block : `if (\n${block}); then exit 1; fi`),
  );

const documents = globSync('{README.md,CONTRIBUTING.md,docs/**/*.md,lib/**/*.md}').filter(
  (file) => commandsIn(file).length > 0,
);

/** The documents name the usual ports; the run of a test has others. */
const withPorts = (commands: string, base: number): string => {
  const usual = choosePorts({});
  const own = Object.entries(choosePorts({ LOCAL_PORT: String(base) }));
  return Object.entries(usual).reduce(
    (text, [name, port]) => text.replaceAll(`:${port}`, `:${own.find(([each]) => each === name)?.[1]}`),
    commands,
  );
};

/**
 * @returns what they print
 * @throws Error naming the document
 */
const runCommands = async (file: string, base: number): Promise<string> => {
  const script = commandsIn(file).map((block) => withPorts(block, base));
  // `-f` has curl fail for an answer of 400 and above.
  const shell = ['set -e', 'curl() { command curl -f "$@"; }', ...script].join('\n');
  const env = { ...process.env, LOCAL_PORT: String(base) };
  const run = promisify(execFile)('bash', ['-c', shell], { cwd: root, env, timeout: 60_000 });
  const { stdout } = await run.catch((cause: unknown) => {
    throw new Error(`the commands of ${file} failed`, { cause });
  });
  return stdout;
};

test('the commands of each document work in order, as they stand, beside npm start', async () => {
  const base = await freeBase();
  const { child } = await runLocally(base, await newDirectory());
  await untilHealthy(base, child);
  expect(documents).toContain('README.md');
  const printed = new Map<string, string>();
  for (const file of ['README.md', ...documents.filter((each) => each !== 'README.md')])
    printed.set(file, await runCommands(file, base));

  const readme = printed.get('README.md') ?? '';
  const found = (pattern: RegExp) => Array.from(readme.matchAll(pattern), ([, what]) => what);
  expect(found(/^order.status_changed: (.*)$/gm)).toEqual([
    'order:1001 sent (posted)',
    'order:1001 sent (edited)',
  ]);
  const [before, after, ...others] = found(/^(\[\{.*?"deletedAt":null\}\])/gm).map((chat) =>
    JSON.parse(chat ?? ''),
  );
  expect(others).toEqual([]);
  expect(before).toMatchObject([{ text: expect.stringMatching(/^Bonne nouvelle : votre commande #1001/) }]);
  expect(after).toMatchObject([{ id: before[0].id, text: expect.stringContaining('/ca/7023210039414604') }]);
  expect(readme).toContain('"state":"unknown"');
  for (const [file, text] of printed)
    expect([file, text]).not.toEqual([file, expect.stringMatching(/refused, /)]);
}, 150_000);
