import { brevo } from './brevo/brevo.ts';
import { shopify } from './shopify/shopify.ts';
import { standard } from './standard/standard.ts';
import { stripe } from './stripe/stripe.ts';
import { woocommerce } from './woocommerce/woocommerce.ts';

/** Whose webhooks are taken, by the name in the path: `POST /webhooks/shopify`. */
export const sources = { shopify, woocommerce, stripe, standard, brevo } as const;

export type SourceName = keyof typeof sources;
