import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** Instead of the chain of providers that ask profiles, single sign-on and metadata services. */
const credentials = "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';";

const root = join(import.meta.dirname, '../..');

/**
 * The configuration as the build has checked it: at run time it is not checked again, which takes a third of a cold start.
 * The texts and the shop's own sources are functions, and stay in bridge.config.ts.
 */
const checkedConfig = async (): Promise<string> => {
  const { default: config } = await import('../../bridge.config.ts');
  const { texts: _, sources: __, ...checked } = config;
  return `export const defineConfig = ({ texts, sources = {} }) => ({ ...${JSON.stringify(checked)}, texts, sources });`;
};

/** Leaves out of the deployed bundles what esbuild cannot know to be of no use in a Lambda function. */
const leanBundles: Plugin = {
  name: 'lean-bundles',
  setup: ({ onLoad, onResolve }) => {
    // A Lambda function finds its credentials in the environment, and nowhere else.
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path }) => ({
      path,
      namespace: 'lean',
    }));
    onLoad({ filter: /./, namespace: 'lean' }, () => ({ contents: credentials, resolveDir: root }));
    onLoad({ filter: /[\\/]lib[\\/]config[\\/]config\.ts$/ }, async () => ({
      contents: await checkedConfig(),
    }));
  },
};

export default [leanBundles];
