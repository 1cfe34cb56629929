import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { credentials, region } from '../../tools/aws/account.ts';
import { listen } from '../../tools/aws/listen.ts';

export interface AwsAnswer {
  /** 200 without. */
  status?: number;
  body: object;
}

/**
 * A server that speaks AWS JSON until the test ends.
 * @param answer what it answers to the body of a request; undefined leaves the caller waiting
 */
export const startAws = async <Body>(
  answer: (body: Body, call: number) => AwsAnswer | undefined | Promise<AwsAnswer>,
) => {
  const calls: { target: unknown; body: Body }[] = [];
  const server = await listen(async (request, response) => {
    // What the client sends is what the test's own code made it send.
    const body = (await json(request)) as Body;
    calls.push({ target: request.headers['x-amz-target'], body });
    const answered = await answer(body, calls.length);
    if (answered === undefined) return;
    response.writeHead(answered.status ?? 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answered.body));
  }, 0);
  onTestFinished(() => server.close());
  return { calls, url: server.url, settings: { endpoint: server.url, region, credentials } };
};
