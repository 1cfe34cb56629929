/** An instance of a function: loads a bundle, and handles the events that its parent sends, one invocation after the other. */
import { createRequire } from 'node:module';

const [file] = process.argv.slice(2);
const require = createRequire(import.meta.url);

const cpuMsSince = (before) => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const cpuBefore = process.cpuUsage();
const before = performance.now();
const { handler } = file.endsWith('.cjs') ? require(file) : await import(file);
const loaded = { loadMs: performance.now() - before, cpuMs: cpuMsSince(cpuBefore) };

const context = {
  functionName: 'bench',
  functionVersion: '1',
  memoryLimitInMB: '256',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:bench',
  awsRequestId: 'bench',
  getRemainingTimeInMillis: () => 60_000,
};

process.on('message', async (events) => {
  const milliseconds = [];
  let failures = 0;
  const cpu = process.cpuUsage();
  for (const event of events) {
    const start = performance.now();
    const answer = await handler(event, context);
    milliseconds.push(performance.now() - start);
    failures += answer?.batchItemFailures?.length ?? Number((answer?.statusCode ?? 200) >= 300);
  }
  process.send({ milliseconds, cpuMs: cpuMsSince(cpu), failures });
});
process.on('disconnect', () => process.exit());
process.send(loaded);
