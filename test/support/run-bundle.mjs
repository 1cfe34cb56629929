/** Loads a bundle as Lambda would, and answers what its handler makes of each event that is sent to this process. */
const { handler } = await import(process.argv[2]);

const context = {
  functionName: 'test',
  memoryLimitInMB: '256',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:test',
  awsRequestId: 'request-1',
};

process.on('message', async ({ event, remainingMs }) => {
  try {
    const answer = await handler(event, { ...context, getRemainingTimeInMillis: () => remainingMs });
    process.send({ answer });
  } catch (error) {
    process.send({ error: String(error) });
  }
});
process.on('disconnect', () => process.exit());
process.send('ready');
