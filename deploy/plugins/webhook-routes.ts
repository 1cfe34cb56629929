import * as z from 'zod/mini';
import type { Framework, Hooks } from './framework.ts';

/** Each source has its own, so that junk to one costs no delivery of another. Senders repeat throttled webhooks. */
const throttle = { ThrottlingRateLimit: 25, ThrottlingBurstLimit: 50 };

const webhookRoute = /^POST \/webhooks\//;
const routeSchema = z.object({ RouteKey: z.string() });

/** Gives each source of webhooks, built-in or of bridge.config.ts, a route to the function, and a throttle. */
export default class WebhookRoutes {
  readonly hooks: Hooks;

  constructor({ service }: Framework) {
    const addRoutes = async () => {
      const { default: config } = await import('../../bridge.config.ts');
      const { sources } = await import('../../lib/sources/sources.ts');
      service.getFunction('receive-webhook').events = Object.keys({ ...sources, ...config.sources }).map(
        (name) => ({ httpApi: { method: 'POST', path: `/webhooks/${name}` } }),
      );
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
