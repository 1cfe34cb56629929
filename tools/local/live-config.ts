/** The configuration of the local run, which follows bridge.config.ts while it runs. */
import { watch } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../../lib/config/config.ts';
import type { Log } from '../aws/listen.ts';
import type { LiveConfig } from '../console/read-state.ts';
import type { Reload } from '../console/state.ts';
import type { Requests } from './bundles.ts';
import type { Built } from './serverless.ts';

interface LiveConfigOptions {
  /** Where bridge.config.ts lies, beside `lib` and `functions`. */
  root: string;
  first: Built;
  rebuild: (requests: Requests | undefined) => Promise<Built>;
  log: Log;
  onChange: () => void;
}

/** An editor writes a file in several steps. */
const settleMilliseconds = 30;

/** Watches everything that the functions are built from. */
export const watchConfig = async (
  options: LiveConfigOptions,
): Promise<LiveConfig & { close: () => void }> => {
  const { root, rebuild, log, onChange } = options;
  let current = await load(options.first);
  let requests: Requests | undefined;
  let lastReload: Reload | undefined;
  let waiting: NodeJS.Timeout | undefined;

  const reload = async (file: string): Promise<void> => {
    try {
      current = await load(await rebuild(requests));
      lastReload = { file, at: Date.now() };
      log(`${file} reloaded`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      lastReload = { file, at: Date.now(), error: reason };
      log(`${file} was not reloaded, the former version goes on running:\n${reason}`);
    }
    onChange();
  };
  const changed = (file: string): void => {
    clearTimeout(waiting);
    waiting = setTimeout(() => void reload(file), settleMilliseconds);
  };

  const watchers = [
    watch(root, (_, name) => {
      if (name === 'bridge.config.ts') changed(name);
    }),
    ...['lib', 'functions'].map((folder) =>
      watch(join(root, folder), { recursive: true }, (_, name) => {
        if (name?.endsWith('.ts')) changed(join(folder, name));
      }),
    ),
  ];
  return {
    current: () => current,
    lastReload: () => lastReload,
    override: async (chosen) => {
      current = await load(await rebuild(chosen));
      requests = chosen;
    },
    overridden: () => requests,
    close: () => {
      clearTimeout(waiting);
      for (const watcher of watchers) watcher.close();
    },
  };
};

/** @throws Error with the reason why there is no new one */
const load = async (built: Built): Promise<Config> => {
  if ('refused' in built) throw new Error(built.refused);
  const { default: config }: { default: Config } = await import(pathToFileURL(built.config).href);
  return config;
};
