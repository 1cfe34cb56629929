import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { isInstalled } from '../support/is-installed.ts';

test.skipIf(!isInstalled('cfn-lint'))(
  'cfn-lint has nothing to say (skipped where cfn-lint is not installed)',
  async () => {
    const linting = promisify(execFile)('cfn-lint', ['--format', 'parseable', '--', inject('templateFile')]);
    await expect(linting).resolves.toMatchObject({ stdout: '' });
  },
  120_000,
);
