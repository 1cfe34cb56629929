import { subscribe } from 'node:diagnostics_channel';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Server } from 'node:http';
import { join, relative } from 'node:path';
import { guard } from '../aws/listen.ts';
import { createBundles, type Requests } from './bundles.ts';
import type { functionsEnvironment } from './environment.ts';

/** The part of the framework that the plugin touches. */
interface Serverless {
  serviceDir: string;
  processedInput: { commands: string[] };
  service: {
    custom: {
      esbuild: {
        target: string;
        mainFields: string[];
        outputWorkFolder: string;
        outputFileExtension: string;
        watch?: { pattern: string[] };
      };
      'serverless-offline'?: { location: string };
    };
    provider: { environment: Record<string, string> };
    getAllFunctions: () => string[];
    getFunction: (key: string) => FunctionDefinition;
  };
  getProvider: (name: 'aws') => { getStage: () => string };
  classes: { Error: new (message: string, code: string, options: { cause: unknown }) => Error };
}

interface FunctionDefinition {
  name: string;
  handler: string;
  environment?: Record<string, string> | undefined;
  package?: { artifact: string };
  events?: object[];
  skipEsbuild?: boolean;
}

/** A ZIP file without a file in it: its end-of-directory record alone. */
const emptyZip = Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex');

/**
 * The framework's side of the local run: it builds the functions, again when the local run asks for it, and runs them
 * against the services of the local run. The latter goes for `serverless invoke local --stage local` as well: that and
 * serverless-offline leave references such as `!Ref Table` in the environment unresolved. Deployments are untouched.
 */
export default class LocalRun {
  readonly hooks: Record<string, () => void | Promise<void>>;

  constructor(serverless: Serverless) {
    const { serviceDir, service } = serverless;
    const command = serverless.processedInput.commands.join(' ');
    // Set by the local run for its own processes.
    const directory = process.env.LOCAL_DIRECTORY;

    // It looks for bundles that end in .js; package.json makes these ES modules, too.
    if (command === 'invoke local') service.custom.esbuild.outputFileExtension = '.js';

    this.hooks = {
      initialize: () => {
        if (directory !== undefined) leaveOut(serverless, directory);
        const isCall = command.startsWith('offline') || command === 'invoke local';
        if (isCall && serverless.getProvider('aws').getStage() === 'local')
          provideEnvironment(serverless, directory ?? join(serviceDir, '.local'));
      },
      'before:offline:start:init': async () => {
        if (directory === undefined) return;
        guardServer();
        await buildFunctions(serverless, join(directory, 'bundles'));
      },
      'after:offline:start:init': () => void process.send?.('ready'),
    };

    // When the local run is gone without a word, nobody else would end this process.
    if (directory !== undefined) {
      process.on('disconnect', () => process.exit(1));
      process.channel?.unref();
    }
  }
}

/**
 * The local run builds by itself, and needs nothing but the template of the package. It also serves the HTTP API by
 * itself: serverless-offline decodes paths and answers preflight requests otherwise than API Gateway does.
 */
const leaveOut = ({ serviceDir, service, processedInput }: Serverless, directory: string): void => {
  const work = join(directory, 'work');
  // From where serverless-esbuild takes packages, its own or not.
  const packages = join(work, '.serverless');
  const artifact = join(packages, 'empty.zip');
  mkdirSync(packages, { recursive: true });
  const { esbuild } = service.custom;
  esbuild.outputWorkFolder = relative(serviceDir, work);
  // After each change to a file it would end all functions, those in mid-call too.
  esbuild.watch = { pattern: [] };
  const isPackaging = processedInput.commands[0] === 'package';
  if (isPackaging) writeFileSync(artifact, emptyZip);
  for (const key of service.getAllFunctions()) {
    const definition = service.getFunction(key);
    definition.skipEsbuild = true;
    if (isPackaging) definition.package = { artifact: relative(serviceDir, artifact) };
    else definition.events = (definition.events ?? []).filter((event) => !('httpApi' in event));
  }
};

/** @throws Error when the local run does not run */
const provideEnvironment = ({ service, classes }: Serverless, directory: string): void => {
  const { shared, functions } = readEnvironment(join(directory, 'environment.json'), classes);
  Object.assign(process.env, shared);
  service.provider.environment = {};
  for (const key of service.getAllFunctions()) {
    const definition = service.getFunction(key);
    definition.environment = functions[definition.name];
  }
};

const readEnvironment = (
  file: string,
  classes: Serverless['classes'],
): ReturnType<typeof functionsEnvironment> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const message = 'The functions need the local run: start it with npm start';
    throw new classes.Error(message, 'NO_LOCAL_RUN', { cause });
  }
};

/** Guards the port of serverless-offline, which does not give out its server: it is caught as it begins to listen. */
const guardServer = (): void =>
  subscribe('tracing:net.server.listen:asyncStart', (message) => {
    if (message instanceof Object && 'server' in message && message.server instanceof Server)
      guard(message.server);
  });

/** Builds the functions, tells the local run of it, and builds them anew for each of its messages. */
const buildFunctions = async ({ serviceDir, service }: Serverless, directory: string): Promise<void> => {
  const { target, mainFields } = service.custom.esbuild;
  const bundles = await createBundles({
    root: serviceDir,
    directory,
    entryPoints: service
      .getAllFunctions()
      .map((key) => service.getFunction(key).handler.replace(/\.\w+$/, '.ts')),
    target,
    mainFields,
  });
  service.custom['serverless-offline'] = {
    ...service.custom['serverless-offline'],
    location: relative(serviceDir, directory),
  };
  try {
    process.send?.({ config: await bundles.build() });
  } catch (error) {
    await bundles.close();
    throw error;
  }
  const rebuild = async (requests: Requests | undefined): Promise<void> => {
    const built = await bundles.build(requests).then(
      (config) => ({ config }),
      (error: Error) => ({ refused: error.message }),
    );
    process.send?.(built);
  };
  // One at a time, and answered in turn.
  let last = Promise.resolve();
  const onMessage: (message: { requests?: Requests }) => void = ({ requests }) => {
    last = last.then(() => rebuild(requests));
  };
  process.on('message', onMessage);
};
