import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';

const isInstalled = (): boolean => {
  try {
    execFileSync('cfn-lint', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

test.skipIf(!isInstalled())(
  'cfn-lint has nothing to say (skipped where cfn-lint is not installed)',
  async () => {
    const linting = promisify(execFile)('cfn-lint', ['--format', 'parseable', '--', inject('templateFile')]);
    await expect(linting).resolves.toMatchObject({ stdout: '' });
  },
  120_000,
);
