import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { withDefaults } from '../../../tools/simulation/config.ts';

const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['tools/simulation/command.ts', ...args]);

test.each(['--help', '-h'])(
  'npm run simulate -- %s explains every option, and simulates nothing',
  async (flag) => {
    const { stdout, stderr } = await run(flag);
    for (const option of Object.keys(withDefaults())) expect(stdout).toContain(`--${option}`);
    expect(stdout).toContain('a failed run can be repeated');
    expect(stderr).toBe('');
  },
);

test('an option that there is none of is named, with the usage', async () => {
  await expect(run('--order', '3')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/'--order'.*npm run simulate -- /s),
  });
});
