import * as z from 'zod/mini';
import type { Framework, Hooks } from './framework.ts';

/** Each source has its own, so that junk to one costs no delivery of another. Senders repeat throttled webhooks. */
const throttle = { ThrottlingRateLimit: 25, ThrottlingBurstLimit: 50 };

const webhookRoute = /^(GET|POST) \/webhooks\//;
const routeSchema = z.object({ RouteKey: z.string() });

/** Gives each source of webhooks, built-in or of bridge.config.ts, its routes to the functions, and throttles. */
export default class WebhookRoutes {
  readonly hooks: Hooks;

  constructor({ service }: Framework) {
    const addRoutes = async () => {
      const { default: config } = await import('../../bridge.config.ts');
      const { sources } = await import('../../lib/sources/sources.ts');
      const all = Object.entries({ ...sources, ...config.sources });
      const routesOf = (method: string, some: typeof all) =>
        some.map(([name]) => ({ httpApi: { method, path: `/webhooks/${name}` } }));
      service.getFunction('receive-webhook').events = routesOf('POST', all);
      const registering = all.filter(([, { register }]) => register !== undefined);
      service.getFunction('register-source').events = routesOf('GET', registering);
    };

    const throttleEach = () => {
      const { Resources } = service.provider.compiledCloudFormationTemplate;
      const stage = Resources.HttpApiStage;
      if (stage === undefined) throw new Error('the template has no resource HttpApiStage');
      const routes = Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
        if (Type !== 'AWS::ApiGatewayV2::Route') return [];
        const { RouteKey } = routeSchema.parse(Properties);
        return webhookRoute.test(RouteKey) ? [{ id, RouteKey }] : [];
      });
      stage.DependsOn = routes.map(({ id }) => id);
      stage.Properties.RouteSettings = Object.fromEntries(routes.map(({ RouteKey }) => [RouteKey, throttle]));
    };

    this.hooks = {
      'before:package:initialize': addRoutes,
      'after:aws:package:finalize:mergeCustomProviderResources': throttleEach,
    };
  }
}
