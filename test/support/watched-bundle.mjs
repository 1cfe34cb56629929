/**
 * Loads a bundle as Lambda would, under a clock that stands, and says what it opened and read of the environment. Then
 * answers what its handler makes of each event that is sent to this process.
 */
const read = new Set();
const watched = { ...process.env };
process.env = new Proxy(watched, {
  get: (_, name) => note(name) && watched[name],
  has: (_, name) => note(name) && name in watched,
  ownKeys: () => note('all of it') && Reflect.ownKeys(watched),
});
const note = (name) => typeof name === 'symbol' || read.add(name);

let now = Date.now();
Date.now = () => now;

// Node opens them when they are first looked at.
void [process.stdout, process.stderr];
const before = process.getActiveResourcesInfo().length;
const { handler } = await import(process.argv[2]);
const opened = process.getActiveResourcesInfo().slice(before);

const context = {
  functionName: 'test',
  memoryLimitInMB: '512',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:test',
  awsRequestId: 'request-1',
};

process.on('message', async ({ event, at, remainingMs }) => {
  now = at;
  const given = { ...context, getRemainingTimeInMillis: () => remainingMs };
  const outcome = await handler(event, given).then(
    (answer) => ({ answer }),
    (error) => ({ error: String(error) }),
  );
  process.send({ ...outcome, read: [...read] });
});
process.on('disconnect', () => process.exit());
process.send({ isFunction: typeof handler === 'function', opened, read: [...read] });
