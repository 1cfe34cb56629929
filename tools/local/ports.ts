/** The consecutive ports of the local run, and what answers on them. */
import { createServer } from 'node:net';
import type { Stack } from '../aws/stack.ts';
import type { Service } from '../console/state.ts';

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
  const next = (ports.console ?? defaultBase) + 1000;
  const free = next <= highestBase ? next : defaultBase;
  throw new Error(
    `${problems.join('\n')}\nStop what uses it, or choose other ports: LOCAL_PORT=${free} npm start`,
  );
};

/** @returns the error's code when nothing can listen on the port */
const tryPort = (port: number): Promise<string | undefined> =>
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
