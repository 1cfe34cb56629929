import { onTestFinished } from 'vitest';
import { type Ready, startConsole } from '../../../tools/console/console.ts';

const page = new Map([['/', { type: 'text/html; charset=utf-8', contents: '<title>The page</title>' }]]);

/** The console on a free port until the test ends, with a page of one line. */
export async function startTestConsole() {
  const started = await startConsole({ port: 0, page });
  onTestFinished(started.close);
  const { url } = started;
  return {
    ...started,
    /** Performs an action as the page does, unless the headers say otherwise. */
    perform: (name: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${url}/actions/${name}`, {
        method: 'POST',
        headers: { origin: url, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  };
}

/** What a console gets that has nothing to show. */
export const nothing: Ready['read'] = () => new Promise(() => {});
