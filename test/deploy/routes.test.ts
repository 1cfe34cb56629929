import { expect, inject, test } from 'vitest';
import * as z from 'zod/mini';
import { routesWith } from '../../lib/http/contract/operations.ts';
import { sources } from '../../lib/sources/sources.ts';
import { readTemplate } from '../../tools/aws/template.ts';
import { files } from '../support/http-api.ts';

const operations = routesWith(sources);

test('each operation has a route to its function, and there are no other routes', async () => {
  const { Resources } = await readTemplate(inject('templateFile'));
  const ofType = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type);
  const target = z.object({
    'Fn::Join': z.tuple([z.string(), z.tuple([z.string(), z.object({ Ref: z.string() })])]),
  });
  const routes = ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => [
    String(Properties.RouteKey)
      .replaceAll('+}', '}')
      .replace('POST /notices/{reference}', 'POST /notices/{reference}/resolve'),
    target.parse(Properties.Target)['Fn::Join'][1][1].Ref,
  ]);
  const expected = operations.map(({ method, path }) => `${method} ${path}`);
  expect(routes.map(([route]) => route).toSorted()).toEqual([...expected, '$default'].toSorted());
  expect(expected.filter((route) => route.startsWith('GET /webhooks/'))).toEqual(['GET /webhooks/shopware']);
  for (const { id, method, path } of operations) {
    const integration = routes.find(([route]) => route === `${method} ${path}`)?.[1];
    const words = (files[id] ?? '').replaceAll('-', 'Dash');
    expect(integration).toBe(`HttpApiIntegration${words.charAt(0).toUpperCase()}${words.slice(1)}`);
  }
});

test('junk to one source of webhooks costs no delivery of another: each has a throttle of its own', async () => {
  const { Resources } = await readTemplate(inject('templateFile'));
  const settings = z
    .object({ RouteSettings: z.record(z.string(), z.object({ ThrottlingRateLimit: z.number() })) })
    .parse(Resources.HttpApiStage?.Properties).RouteSettings;
  const ofWebhooks = operations.filter(({ path }) => path.startsWith('/webhooks/'));
  expect(Object.keys(settings).toSorted()).toEqual(
    ofWebhooks.map(({ method, path }) => `${method} ${path}`).toSorted(),
  );
});
