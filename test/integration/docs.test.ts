import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { choosePorts } from '../../tools/local/ports.ts';
import { freeBase, newDirectory, root, runLocally, untilHealthy } from '../support/local-run.ts';

/**
 * The commands of a document, in order. A block marked `sh aws` needs an AWS account, one marked `sh manual` starts or
 * checks things by itself: both are left out.
 */
const commandsIn = (file: string): string[] =>
  Array.from(readFileSync(file, 'utf8').matchAll(/^( *)```sh\n(.*?)^ *```$/gms), ([, , block = '']) => block);

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

describe('beside npm start', () => {
  test.each(documents)(
    'the commands of %s work in order, as they stand',
    async (file) => {
      const base = await freeBase();
      const { child } = await runLocally(base, await newDirectory());
      await untilHealthy(base, child);
      const script = commandsIn(file).map((block) => withPorts(block, base));
      // `-f` has curl fail for an answer of 400 and above.
      const shell = ['set -e', 'curl() { command curl -f "$@"; }', ...script].join('\n');
      const run = promisify(execFile)('bash', ['-c', shell], {
        cwd: root,
        env: { ...process.env, LOCAL_PORT: String(base) },
        timeout: 100_000,
      });
      const { stdout } = await run.catch((error: unknown) => {
        throw new Error(`the commands of ${file} failed`, { cause: error });
      });
      expect(stdout).not.toBe('');
    },
    150_000,
  );
});
