import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A ZIP file without a file in it: its end-of-directory record alone. */
const emptyZip = Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex');

/**
 * Builds the functions of the local run (`npm start`), and builds them anew when the local run asks for it. Of the
 * package it needs the template alone. Deployments are untouched.
 */
export default class LocalBundles {
  constructor(serverless) {
    const directory = process.env.LOCAL_DIRECTORY;
    if (directory === undefined) return;
    const [command] = serverless.processedInput.commands;

    const leaveOut = () => {
      const work = join(directory, 'work');
      // From where serverless-esbuild takes packages, its own or not.
      const packages = join(work, '.serverless');
      const artifact = join(packages, 'empty.zip');
      mkdirSync(packages, { recursive: true });
      const { esbuild } = serverless.service.custom;
      esbuild.outputWorkFolder = relative(serverless.serviceDir, work);
      // After each change to a file it would end all functions, those in mid-call too.
      esbuild.watch = { pattern: [] };
      if (command === 'package') writeFileSync(artifact, emptyZip);
      for (const key of serverless.service.getAllFunctions()) {
        const definition = serverless.service.getFunction(key);
        definition.skipEsbuild = true;
        if (command === 'package')
          definition.package = { artifact: relative(serverless.serviceDir, artifact) };
      }
    };

    const build = async () => {
      const { service, serviceDir } = serverless;
      const { createBundles } = await import('../bundles.ts');
      const { target, mainFields } = service.custom.esbuild;
      const location = join(directory, 'bundles');
      const bundles = await createBundles({
        root: serviceDir,
        directory: location,
        entryPoints: service
          .getAllFunctions()
          .map((key) => service.getFunction(key).handler.replace(/\.\w+$/, '.ts')),
        target,
        mainFields,
      });
      service.custom['serverless-offline'] = {
        ...service.custom['serverless-offline'],
        location: relative(serviceDir, location),
      };
      try {
        process.send({ config: await bundles.build() });
      } catch (error) {
        await bundles.close();
        throw error;
      }
      // One at a time, and answered in turn.
      let last = Promise.resolve();
      process.on('message', ({ requests }) => {
        last = last.then(async () => {
          const built = await bundles.build(requests).then(
            (config) => ({ config }),
            ({ message }) => ({ refused: message }),
          );
          process.send(built);
        });
      });
    };

    this.hooks = { initialize: leaveOut, 'before:offline:start:init': build };
  }
}
