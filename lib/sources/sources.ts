import { aftership } from './aftership/aftership.ts';
import { brevo } from './brevo/brevo.ts';
import { easypost } from './easypost/easypost.ts';
import { sendcloud } from './sendcloud/sendcloud.ts';
import { shopify } from './shopify/shopify.ts';
import { shopware } from './shopware/shopware.ts';
import type { Source } from './source.ts';
import { standard } from './standard/standard.ts';
import { stripe } from './stripe/stripe.ts';
import { woocommerce } from './woocommerce/woocommerce.ts';

/** Sources of webhooks by name. */
export type Sources = Readonly<Record<string, Source>>;

/** The built-in sources of webhooks, by their name in the path (`POST /webhooks/shopify`). */
export const sources: Sources = {
  shopify,
  woocommerce,
  shopware,
  stripe,
  standard,
  sendcloud,
  aftership,
  easypost,
  brevo,
};

/** The source of this name; undefined if there is none. */
export const sourceNamed = (name: string, among: Sources = sources): Source | undefined =>
  Object.hasOwn(among, name) ? among[name] : undefined;
