/** The console of the local run: its health, and a page that says what runs where. */
import { listen, type Running } from './listen.ts';

export type Service = { what: string; url: string; note: string };

export type Console = Running & {
  /** From now on the health check is 200. */
  ready: (services: Service[]) => void;
};

export async function startConsole({ port }: { port: number }): Promise<Console> {
  let services: Service[] | undefined;
  const running = await listen((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/healthz') {
      response
        .writeHead(services ? 200 : 503, { 'content-type': 'application/json' })
        .end(JSON.stringify({ status: services ? 'ok' : 'starting' }));
    } else if (path === '/') {
      response
        .writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
        })
        .end(page(services));
    } else {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
    }
  }, port);
  return {
    ...running,
    ready: (started) => {
      services = started;
    },
  };
}

function page(services: Service[] | undefined): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>conversations-bridge, local run</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .4rem 1.5rem .4rem 0; border-bottom: 1px solid #8884; }
</style>
</head>
<body>
<h1>conversations-bridge, local run</h1>
${services ? table(services) : '<p>Starting. Reload in a few seconds.</p>'}
</body>
</html>
`;
}

function table(services: Service[]): string {
  const rows = services.map(
    ({ what, url, note }) =>
      `<tr><th scope="row">${escapeHtml(what)}</th><td><code>${escapeHtml(url)}</code></td><td>${escapeHtml(note)}</td></tr>`,
  );
  return `<table>
<thead><tr><th scope="col">What</th><th scope="col">Where</th><th scope="col">Note</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
