import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs the functions against the services of the local run (`npm start`), under serverless-offline and under
 * `serverless invoke local --stage local`: both leave references such as `!Ref Table` in the environment unresolved.
 * Deployments are untouched.
 */
export default class Provision {
  constructor(serverless) {
    const directory = process.env.LOCAL_DIRECTORY ?? join(serverless.serviceDir, '.local');
    const startedByLocalRun = process.env.LOCAL_DIRECTORY !== undefined;

    const command = serverless.processedInput.commands.join(' ');
    // It looks for bundles that end in .js; package.json makes these ES modules, too.
    if (command === 'invoke local') serverless.service.custom.esbuild.outputFileExtension = '.js';

    const provideEnvironment = () => {
      const stage = serverless.getProvider('aws').getStage();
      if (stage !== 'local' || !(command.startsWith('offline') || command === 'invoke local')) return;
      const { shared, functions } = readEnvironment(serverless, join(directory, 'environment.json'));
      Object.assign(process.env, shared);
      serverless.service.provider.environment = {};
      for (const key of serverless.service.getAllFunctions()) {
        const definition = serverless.service.getFunction(key);
        definition.environment = functions[definition.name];
      }
    };

    this.hooks = {
      initialize: provideEnvironment,
      'after:offline:start:init': () => process.send?.('ready'),
    };

    // The local run is gone without a word: nobody else would end this process.
    if (startedByLocalRun) {
      process.on('disconnect', () => process.exit(1));
      process.channel?.unref();
    }
  }
}

function readEnvironment(serverless, file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const message = 'The functions need the local run: start it with npm start';
    throw new serverless.classes.Error(message, 'NO_LOCAL_RUN', { cause: error });
  }
}
