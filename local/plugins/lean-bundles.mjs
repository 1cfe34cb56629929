import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Modules of lib that stand in for clients of the AWS SDK. */
const clients = {
  '@aws-sdk/client-dynamodb': 'lib/aws/dynamodb.ts',
  '@aws-sdk/client-sqs': 'lib/aws/sqs.ts',
  '@aws-sdk/client-ssm': 'lib/aws/ssm.ts',
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

/** Files of the EventBridge client, by how their paths end. */
const files = {
  // The same addresses without the rules for kinds of regions and endpoints that the bridge is not told of.
  'client-eventbridge/dist-es/endpoint/endpointResolver.js': `
    export const defaultEndpointResolver = ({ Endpoint, Region }) => {
      const domain = Region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
      return { url: new URL(Endpoint ?? \`https://events.\${Region}.\${domain}\`), properties: {}, headers: {} };
    };`,
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
      onResolve({ filter: exactly(Object.keys(clients)) }, ({ path }) => ({
        path: join(root, clients[path]),
      }));
      onResolve({ filter: exactly(Object.keys(packages)) }, ({ path }) => ({ path, namespace: 'lean' }));
      onLoad({ filter: /./, namespace: 'lean' }, ({ path }) => ({
        contents: packages[path],
        resolveDir: root,
      }));
      onLoad({ filter: ending(Object.keys(files)) }, ({ path }) => {
        const contents = Object.entries(files).find(([file]) =>
          path.replaceAll('\\', '/').endsWith(file),
        )?.[1];
        return { contents, resolveDir: dirname(path) };
      });
      onLoad({ filter: /[\\/]lib[\\/]config\.ts$/ }, async () => ({ contents: await checkedConfig() }));
    },
  },
];
