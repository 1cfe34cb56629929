/** The consecutive ports of the local run. */
import { createServer } from 'node:net';

const offsets = { console: 0, httpApi: 1, bus: 2, brevo: 3, dynamoDb: 4, queues: 5, lambda: 6 } as const;

export type Ports = Record<keyof typeof offsets, number>;

const purposes: Record<keyof Ports, string> = {
  console: 'console',
  httpApi: 'HTTP API',
  bus: 'EventBridge endpoint',
  brevo: 'simulated Brevo',
  dynamoDb: 'DynamoDB endpoint',
  queues: 'SQS endpoint',
  lambda: 'Lambda Invoke endpoint',
};

const defaultBase = 4000;

/** @throws Error when LOCAL_PORT is no port with room for all the others above it */
export const choosePorts = (environment: { LOCAL_PORT?: string | undefined }): Ports => {
  const { LOCAL_PORT = String(defaultBase) } = environment;
  const base = Number(LOCAL_PORT);
  if (!/^\d+$/.test(LOCAL_PORT) || base < 1 || base + offsets.lambda > 65_535) {
    throw new Error(`LOCAL_PORT must be a number from 1 to ${65_535 - offsets.lambda}, not "${LOCAL_PORT}"`);
  }
  return {
    console: base + offsets.console,
    httpApi: base + offsets.httpApi,
    bus: base + offsets.bus,
    brevo: base + offsets.brevo,
    dynamoDb: base + offsets.dynamoDb,
    queues: base + offsets.queues,
    lambda: base + offsets.lambda,
  };
};

/** @throws Error naming each port that cannot be listened on and what it is needed for */
export const requireFreePorts = async (ports: Partial<Ports>): Promise<void> => {
  const problems: string[] = [];
  for (const [name, purpose] of Object.entries(purposes)) {
    const port = Object.entries(ports).find(([key]) => key === name)?.[1];
    if (port === undefined) continue;
    const code = await tryPort(port);
    if (code !== undefined) {
      const reason = code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${code})`;
      problems.push(`port ${port} ${reason}, and the local run needs it for the ${purpose}`);
    }
  }
  if (problems.length > 0) {
    throw new Error(
      `${problems.join('\n')}\nStop what uses it, or take other ports: LOCAL_PORT=${suggestion(ports)} npm start`,
    );
  }
};

const suggestion = ({ console: base = defaultBase }: Partial<Ports>): number =>
  base + 1000 + offsets.lambda <= 65_535 ? base + 1000 : defaultBase;

/** @returns the error's code when nothing can listen on the port */
const tryPort = (port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)));
  });
