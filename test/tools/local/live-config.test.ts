import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Requests } from '../../../tools/local/bundles.ts';
import { watchConfig } from '../../../tools/local/live-config.ts';
import type { Built } from '../../../tools/local/serverless.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A project that is watched, with a build that gives what the test says. */
const startWatching = async () => {
  const root = await temporaryFolder();
  for (const folder of ['lib/texts', 'functions']) await mkdir(join(root, folder), { recursive: true });
  let number = 0;
  const builds: (Requests | undefined)[] = [];
  const built = async (hours: number): Promise<Built> => {
    const config = join(root, `built-${number++}.mjs`);
    await writeFile(config, `export default { freshnessHours: ${hours} };`);
    return { config };
  };
  let next: () => Promise<Built> = () => built(24);
  const lines: string[] = [];
  const onChange = vi.fn();
  const config = await watchConfig({
    root,
    first: await built(24),
    rebuild: (requests) => {
      builds.push(requests);
      return next();
    },
    log: (line) => lines.push(line),
    onChange,
  });
  onTestFinished(config.close);
  const save = (file: string) => writeFile(join(root, file), 'export {};');
  const giving = (hours: number) => {
    next = () => built(hours);
  };
  const refusing = (refused: string) => {
    next = async () => ({ refused });
  };
  return { config, save, giving, refusing, builds, lines, onChange };
};

test('saving bridge.config.ts, or what it is made of, brings the new configuration', async () => {
  const { config, save, giving, lines, onChange } = await startWatching();
  expect([config.current().freshnessHours, config.lastReload()]).toEqual([24, undefined]);
  giving(12);
  await save('bridge.config.ts');
  await vi.waitFor(() => expect(config.current().freshnessHours).toBe(12));
  expect(config.lastReload()).toEqual({ file: 'bridge.config.ts', at: expect.any(Number) });
  expect(onChange).toHaveBeenCalled();
  giving(6);
  await save('lib/texts/fr.ts');
  await vi.waitFor(() => expect(config.lastReload()?.file).toBe(join('lib/texts/fr.ts')));
  expect(config.current().freshnessHours).toBe(6);
  expect(lines).toContain('bridge.config.ts reloaded');
});

test('a faulty configuration is reported, and the former one stays in use', async () => {
  const { config, save, giving, refusing, lines } = await startWatching();
  refusing('bridge.config.ts is not valid:\n  freshnessHours: Too small');
  await save('bridge.config.ts');
  await vi.waitFor(() => expect(config.lastReload()?.error).toContain('freshnessHours: Too small'));
  expect(config.current().freshnessHours).toBe(24);
  expect(lines.join()).toContain('the former version goes on running:\nbridge.config.ts is not valid');
  giving(3);
  await save('bridge.config.ts');
  await vi.waitFor(() => expect(config.lastReload()).not.toHaveProperty('error'));
  expect(config.current().freshnessHours).toBe(3);
});

test('other files cause no reload', async () => {
  const { config, save, builds } = await startWatching();
  await save('notes.ts');
  await save('lib/texts/notes.md');
  await save('bridge.config.ts');
  await vi.waitFor(() => expect(config.lastReload()?.file).toBe('bridge.config.ts'));
  expect(builds).toHaveLength(1);
});

test('what takes the place of the requests outlasts a reload', async () => {
  const { config, save, builds } = await startWatching();
  const tight: Requests = { limit: 5, windowSeconds: 60, scope: 'account' };
  await config.override(tight);
  expect(config.overridden()).toEqual(tight);
  await save('bridge.config.ts');
  await vi.waitFor(() => expect(builds).toEqual([tight, tight]));
  await config.override(undefined);
  expect([config.overridden(), builds.at(-1)]).toEqual([undefined, undefined]);
});
