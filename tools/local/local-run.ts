/** The whole local run: the functions of serverless.yml, and around them everything that they call. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stackName } from '../aws/account.ts';
import { startHttpApi } from '../aws/http-api.ts';
import { createRunFunction } from '../aws/lambda.ts';
import type { Log } from '../aws/listen.ts';
import { startStack } from '../aws/stack.ts';
import { connectConsole } from '../console/connect.ts';
import { bundlePage, startConsole } from '../console/console.ts';
import { createSeenEvents } from '../console/events.ts';
import type { Service } from '../console/state.ts';
import { createTrail } from '../console/trail.ts';
import { claimFolder } from './claim.ts';
import { apiToken, functionsEnvironment, localSecrets, withoutAws } from './environment.ts';
import { watchConfig } from './live-config.ts';
import { listServices, type Ports, requireFreePorts } from './ports.ts';
import { packageService, startOffline } from './serverless.ts';
import { startSimulatedBrevo } from './simulated-brevo.ts';

export interface LocalRunOptions {
  /** Where serverless.yml lies. */
  root: string;
  /** Where data and builds are kept. */
  directory: string;
  ports: Ports;
  environment: Record<string, string | undefined>;
  /** Ends the start when aborted; nothing is left running. */
  signal: AbortSignal;
  log: Log;
}

export interface LocalRun {
  services: Service[];
  /** Of the console's page. */
  url: string;
  /** Resolves when the functions' process has ended on its own. */
  ended: Promise<void>;
  close: () => Promise<void>;
}

const simulatedKey = 'local-brevo-key';

/**
 * Starts everything, in the order in which it is needed, so that the first schedule finds all of it.
 *
 * @throws Error when another run uses the folder, when a port is taken, or when something does not build or start
 */
export const startLocalRun = async (options: LocalRunOptions): Promise<LocalRun> => {
  const { root, directory, ports, environment, signal, log } = options;
  const real = realBrevo(environment);
  const { brevo: brevoPort, ...otherPorts } = ports;
  const closers = [await claimFolder(directory, `http://127.0.0.1:${ports.console}`)];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    await requireFreePorts(real ? otherPorts : { ...otherPorts, brevo: brevoPort });
    const page = await startConsole({ port: ports.console, page: await bundlePage() });
    closers.push(page.close);

    const brevoBaseUrl = real?.baseUrl ?? `http://127.0.0.1:${brevoPort}/v3`;
    const service = { root, directory, environment: withoutAws(environment, brevoBaseUrl), signal };
    const template = await packageService(service);

    // Not before packaging, which says in clear words what is wrong with the configuration.
    const { default: first } = await import('../../bridge.config.ts');
    if (!real) {
      const file = join(directory, 'brevo.json');
      const brevo = await startSimulatedBrevo({ port: brevoPort, apiKey: simulatedKey, file, config: first });
      closers.push(brevo.close);
    }

    const seenEvents = createSeenEvents();
    const trail = createTrail();
    const stack = await startStack({
      template,
      stackName,
      ports,
      directory,
      secrets: localSecrets(real?.apiKey ?? simulatedKey, first.sources),
      log,
      onEvent: (event, queues) => {
        seenEvents.see(event, queues);
        trail.see(event, queues);
        page.wake();
      },
    });
    closers.push(stack.close);

    const environmentFile = join(directory, 'environment.json');
    await writeFile(environmentFile, JSON.stringify(functionsEnvironment(stack), null, 2));
    closers.push(() => rm(environmentFile, { force: true }));

    const offline = await startOffline({ ...service, ports, log, onLogLine: trail.hear });
    closers.push(offline.close);

    const { built, rebuild } = offline;
    const config = await watchConfig({ root, first: built, rebuild, log, onChange: page.wake });
    closers.push(async () => config.close());

    const lambdaUrl = `http://127.0.0.1:${ports.lambda}`;
    const polling = stack.startPolling(lambdaUrl);
    closers.push(polling.close);
    const runFunction = createRunFunction(lambdaUrl);
    // Loads what the first event needs, so that its message comes as fast as any later one.
    for (const { target } of stack.mappings) await runFunction(target.name, { Records: [] });
    const httpApi = await startHttpApi({
      port: ports.httpApi,
      template,
      origins: () => config.current().http.origins,
      runFunction,
      log,
    });
    closers.push(httpApi.close);

    const services = listServices({ ports, brevoBaseUrl, isSimulated: !real, apiToken, stack });
    page.ready(
      await connectConsole({
        events: join(root, 'events'),
        services,
        api: { url: `http://127.0.0.1:${ports.httpApi}`, token: apiToken },
        runFunction,
        brevo: real ? { real: real.baseUrl } : { control: `http://127.0.0.1:${brevoPort}/control` },
        stack,
        config,
        seenEvents,
        trail,
      }),
    );
    return { services, url: page.url, ended: offline.ended, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** A real Brevo is called only when both its address and a key are given. */
const realBrevo = ({ BREVO_API_KEY, BREVO_BASE_URL }: LocalRunOptions['environment']) =>
  BREVO_API_KEY && BREVO_BASE_URL ? { apiKey: BREVO_API_KEY, baseUrl: BREVO_BASE_URL } : undefined;
