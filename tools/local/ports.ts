/** The consecutive ports of the local run, and what answers on them. */
import { createServer } from 'node:net';
import type { Stack } from '../aws/stack.ts';
import type { Service } from '../console/state.ts';
import type { Target } from '../samples/send.ts';

/** In the order of the ports. */
const purposes = {
  console: 'console',
  httpApi: 'HTTP API',
  bus: 'EventBridge endpoint',
  brevo: 'simulated Brevo',
  dynamoDb: 'DynamoDB endpoint',
  queues: 'SQS endpoint',
  lambda: 'Lambda Invoke endpoint',
} as const;

export type Ports = Record<keyof typeof purposes, number>;

const defaultBase = 4000;
const highestBase = 65_536 - Object.keys(purposes).length;

/** @throws Error when LOCAL_PORT is no port with room for all the others above it */
export const choosePorts = ({
  LOCAL_PORT = String(defaultBase),
}: {
  LOCAL_PORT?: string | undefined;
}): Ports => {
  const base = Number(LOCAL_PORT);
  if (!/^\d+$/.test(LOCAL_PORT) || base < 1 || base > highestBase)
    throw new Error(`LOCAL_PORT must be a number from 1 to ${highestBase}, not "${LOCAL_PORT}"`);
  return {
    console: base,
    httpApi: base + 1,
    bus: base + 2,
    brevo: base + 3,
    dynamoDb: base + 4,
    queues: base + 5,
    lambda: base + 6,
  };
};

/** Where the local run answers, for a command that sends something to it. */
export const targetOf = (environment: Parameters<typeof choosePorts>[0], print: Target['print']): Target => {
  const ports = choosePorts(environment);
  const at = (name: keyof Ports) => `http://127.0.0.1:${ports[name]}`;
  return {
    console: at('console'),
    httpApi: at('httpApi'),
    bus: at('bus'),
    queues: at('queues'),
    lambda: at('lambda'),
    print,
  };
};

/** https://fetch.spec.whatwg.org/#port-blocking */
const badPorts = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** @returns a warning that names the ports that no browser calls, nor Node's fetch, if there are any */
export const refusedByBrowsers = (ports: Partial<Ports>): string | undefined => {
  const given = new Map(Object.entries(ports));
  const refused = Object.entries(purposes).flatMap(([name, purpose]) => {
    const port = given.get(name);
    return port !== undefined && badPorts.has(port) ? [`${port} (${purpose})`] : [];
  });
  if (refused.length === 0) return undefined;
  return `Browsers refuse port ${refused.join(', ')}: choose another LOCAL_PORT`;
};

/** Another base than this one, whose ports browsers call. */
export const otherBase = (base: number): number => {
  const next = base + 1000 <= highestBase ? base + 1000 : defaultBase;
  return refusedByBrowsers(choosePorts({ LOCAL_PORT: String(next) })) === undefined ? next : otherBase(next);
};

/** @throws Error naming each port that cannot be listened on and what it is needed for */
export const requireFreePorts = async (ports: Partial<Ports>): Promise<void> => {
  const given = new Map(Object.entries(ports));
  const problems: string[] = [];
  for (const [name, purpose] of Object.entries(purposes)) {
    const port = given.get(name);
    const code = port === undefined ? undefined : await tryPort(port);
    if (code === undefined) continue;
    const reason = code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${code})`;
    problems.push(`port ${port} ${reason}, and the local run needs it for the ${purpose}`);
  }
  if (problems.length === 0) return;
  const free = otherBase(ports.console ?? defaultBase);
  throw new Error(
    `${problems.join('\n')}\nStop what uses it, or choose other ports: LOCAL_PORT=${free} npm start`,
  );
};

/** @returns the error's code when nothing can listen on the port */
export const tryPort = (port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)));
  });

/** What runs where, as printed at the start and shown on the console page. */
export const listServices = (run: {
  ports: Ports;
  brevoBaseUrl: string;
  isSimulated: boolean;
  apiToken: string;
  stack: Pick<Stack, 'buses' | 'queues' | 'functions'>;
}): Service[] => {
  const { ports, brevoBaseUrl, isSimulated, apiToken, stack } = run;
  const at = (name: keyof Ports) => `http://127.0.0.1:${ports[name]}`;
  const names = (all: { name: string }[]) => all.map(({ name }) => name).join(', ');
  return [
    { what: 'Console', url: at('console'), note: 'GET /healthz' },
    { what: 'HTTP API', url: at('httpApi'), note: `bearer token ${apiToken}` },
    { what: 'EventBridge', url: at('bus'), note: `bus ${stack.buses.join(', ')}` },
    isSimulated
      ? { what: 'Simulated Brevo', url: brevoBaseUrl, note: `control API at ${at('brevo')}/control` }
      : { what: 'Real Brevo', url: brevoBaseUrl, note: 'from BREVO_BASE_URL and BREVO_API_KEY' },
    { what: 'DynamoDB', url: at('dynamoDb'), note: 'kept over a restart' },
    { what: 'SQS', url: at('queues'), note: names(stack.queues) },
    { what: 'Lambda Invoke', url: at('lambda'), note: names(stack.functions) },
  ];
};
