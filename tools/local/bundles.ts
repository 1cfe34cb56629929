/** The functions of the local run as bundles that can be built anew while they run. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { context, type Plugin } from 'esbuild';
import type { Config } from '../../lib/config/config.ts';

/** Takes the place of `requests` in bridge.config.ts. */
export type Requests = Config['requests'];

interface BundlesOptions {
  /** Where bridge.config.ts lies. */
  root: string;
  /** Made anew; holds a folder for each build, and what leads to the newest. */
  directory: string;
  /** Such as `functions/push-message.ts`, below the root. */
  entryPoints: string[];
  target: string;
  mainFields: string[];
}

interface Bundles {
  /**
   * Builds everything; from then on each call of a function runs the new code, while those under way end with the old.
   *
   * @returns the file of the built configuration
   * @throws Error saying what is wrong with the code or the configuration; the former build stays in use
   */
  build: (requests?: Requests) => Promise<string>;
  close: () => Promise<void>;
}

/** Builds older than these serve no call any more. */
const keptBuilds = 3;

/**
 * All functions are built at once, with what they share in common files: to build each by itself takes ten times as
 * long. What serverless-offline loads, once for good, is a stub that asks at each call which build is the newest.
 */
export const createBundles = async (options: BundlesOptions): Promise<Bundles> => {
  const { root, directory, entryPoints } = options;
  await rm(directory, { recursive: true, force: true });
  const stubs = entryPoints.map((entry) => entry.replace(/\.ts$/, '.mjs'));
  for (const stub of stubs) await write(join(directory, stub), stubOf(stub));

  let requests: Requests | undefined;
  const outdir = join(directory, 'build');
  const esbuild = await context({
    absWorkingDir: root,
    entryPoints: ['bridge.config.ts', ...entryPoints],
    outbase: root,
    outdir,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'shared/[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: options.target,
    mainFields: options.mainFields,
    sourcemap: true,
    sourcesContent: false,
    write: false,
    logLevel: 'silent',
    plugins: [overriding(() => requests)],
  });

  let number = 0;
  return {
    build: async (chosen) => {
      requests = chosen;
      const { outputFiles } = await esbuild.rebuild();
      number++;
      await rm(join(directory, String(number - keptBuilds)), { recursive: true, force: true });
      const folder = join(directory, String(number));
      await Promise.all(
        outputFiles.map(({ path, contents }) => write(join(folder, relative(outdir, path)), contents)),
      );
      const config = join(folder, 'bridge.config.mjs');
      await import(pathToFileURL(config).href);
      await writeFile(join(directory, 'newest'), String(number));
      return config;
    },
    close: () => esbuild.dispose(),
  };
};

const write = async (file: string, contents: string | Uint8Array): Promise<void> => {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, contents);
};

const stubOf = (stub: string): string => {
  const up = '../'.repeat(stub.split('/').length - 1);
  return `import { readFile } from 'node:fs/promises';

const bundles = new URL('${up}', import.meta.url);

export const handler = async (...call) => {
  const newest = await readFile(new URL('newest', bundles), 'utf8');
  const { handler } = await import(new URL(\`\${newest}/${stub}\`, bundles).href);
  return handler(...call);
};
`;
};

/** Lets functions see bridge.config.ts with other `requests`, where there are any. */
const overriding = (requests: () => Requests | undefined): Plugin => ({
  name: 'overriding',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]bridge\.config\.ts$/, namespace: 'file' }, ({ path, suffix }) => {
      const instead = requests();
      if (instead === undefined || suffix === '?original') return undefined;
      const original = JSON.stringify(`${path}?original`);
      return {
        contents: `import config from ${original};\nexport default { ...config, requests: ${JSON.stringify(instead)} };\n`,
        resolveDir: dirname(path),
      };
    });
  },
});
