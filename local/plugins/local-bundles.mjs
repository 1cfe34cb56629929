import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A ZIP file without a file in it: its end-of-directory record alone. */
const emptyZip = Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex');

/**
 * Builds the functions of the local run (`npm start`) all at once, with what they share in common files: to build each by
 * itself, twice, takes ten times as long. Of the package it needs the template alone. Deployments are untouched.
 */
export default class LocalBundles {
  constructor(serverless) {
    const directory = process.env.LOCAL_DIRECTORY;
    if (directory === undefined) return;
    const [command] = serverless.processedInput.commands;
    const bundles = join(directory, 'bundles');

    const leaveOut = () => {
      const work = join(directory, 'work');
      // From where serverless-esbuild takes packages, its own or not.
      const packages = join(work, '.serverless');
      const artifact = join(packages, 'empty.zip');
      mkdirSync(packages, { recursive: true });
      serverless.service.custom.esbuild.outputWorkFolder = relative(serverless.serviceDir, work);
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
      const { build } = await import('esbuild');
      const { target, mainFields } = service.custom.esbuild;
      await build({
        absWorkingDir: serviceDir,
        entryPoints: service
          .getAllFunctions()
          .map((key) => service.getFunction(key).handler.replace(/\.\w+$/, '.ts')),
        outbase: serviceDir,
        outdir: bundles,
        outExtension: { '.js': '.mjs' },
        chunkNames: 'shared/[name]-[hash]',
        bundle: true,
        splitting: true,
        platform: 'node',
        format: 'esm',
        target,
        mainFields,
        sourcemap: true,
        logLevel: 'silent',
      });
      service.custom['serverless-offline'] = {
        ...service.custom['serverless-offline'],
        location: relative(serviceDir, bundles),
      };
    };

    this.hooks = { initialize: leaveOut, 'before:offline:start:init': build };
  }
}
