import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Modules of lib that stand in for packages of the AWS SDK. */
const ours = {
  '@aws-sdk/client-dynamodb': 'lib/aws/dynamodb.ts',
  '@aws-sdk/client-sqs': 'lib/aws/sqs.ts',
  '@aws-sdk/client-ssm': 'lib/aws/ssm.ts',
  '@aws-sdk/util-dynamodb': 'lib/aws/attributes.ts',
};

/** What is left of parts of the AWS SDK that would look for more than a Lambda has. */
const packages = {
  // A Lambda finds its credentials in the environment: no profiles, no single sign-on, no other roles.
  '@aws-sdk/credential-provider-node':
    "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
  // For global endpoints of EventBridge, which the bridge has none of.
  '@aws-sdk/signature-v4-multi-region': `
    import { SignatureV4 } from '@smithy/signature-v4';
    export class SignatureV4MultiRegion extends SignatureV4 { static sigv4aDependency() { return 'none'; } }`,
  '@smithy/core/event-streams':
    'export const EventStreamSerde = undefined, eventStreamSerdeProvider = undefined;',
};

/** Files of packages, by how their paths end, and what is made of each. */
const files = {
  // The same addresses without the rules for kinds of regions and endpoints that the bridge is not told of.
  'client-eventbridge/dist-es/endpoint/endpointResolver.js': () => `
    import { endpointIn } from ${JSON.stringify(join(root, 'lib/aws/endpoint.ts'))};
    export const defaultEndpointResolver = ({ Endpoint, Region }) =>
      ({ url: new URL(Endpoint ?? endpointIn(Region, 'events')), properties: {}, headers: {} });`,
  'util-endpoints/lib/aws/partitions.js': () => 'export const partitionsInfo = { partitions: [] };',
  // Without classes for its errors. Each keeps its name, which is all that is asked for.
  'client-eventbridge/dist-es/schemas/schemas_0.js': (source) =>
    source.replaceAll(/^n0_registry\.registerError\(.*\);$/gm, ''),
  'client-eventbridge/package.json': (source) => JSON.stringify({ version: JSON.parse(source).version }),
  // A Lambda has no such files: to look for them takes time of the first call.
  'shared-ini-file-loader/loadSharedConfigFiles.js': () => `
    export { CONFIG_PREFIX_SEPARATOR } from './constants';
    export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  // Node always has it by itself.
  'checksum/sha256/Sha256Js.js': () => 'export class Sha256Js {}',
  // By way of its namespace esbuild would take all of that module along.
  'zod/v4/mini/schemas.js': (source) => source.replaceAll('core.util.', 'util.'),
};

/** The configuration as the build has checked it: at run time it is not checked again, which takes a third of a cold start. */
const checkedConfig = async () => {
  const { default: config } = await import('../../bridge.config.ts');
  // The texts are functions, and stay in bridge.config.ts.
  const { texts: _, ...checked } = config;
  return `export const defineConfig = ({ texts }) => ({ ...${JSON.stringify(checked)}, texts });`;
};

const exactly = (names) => new RegExp(`^(${names.join('|')})$`);
const ending = (paths) => new RegExp(`(${paths.join('|').replaceAll('/', '[\\\\/]')})$`);

/** Leaves out of the deployed bundles what no function needs: esbuild's own shaking cannot know. */
export default [
  {
    name: 'lean-bundles',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: exactly(Object.keys(ours)) }, ({ path }) => ({
        path: join(root, ours[path]),
      }));
      onResolve({ filter: exactly(Object.keys(packages)) }, ({ path }) => ({ path, namespace: 'lean' }));
      onLoad({ filter: /./, namespace: 'lean' }, ({ path }) => ({
        contents: packages[path],
        resolveDir: root,
      }));
      onLoad({ filter: ending(Object.keys(files)) }, async ({ path }) => {
        const [, edit] = Object.entries(files).find(([file]) => path.replaceAll('\\', '/').endsWith(file));
        return {
          contents: edit(await readFile(path, 'utf8')),
          resolveDir: dirname(path),
          loader: path.endsWith('.json') ? 'json' : 'js',
        };
      });
      onLoad({ filter: /[\\/]lib[\\/]config[\\/]config\.ts$/ }, async () => ({
        contents: await checkedConfig(),
      }));
    },
  },
];
