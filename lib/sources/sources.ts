import { brevo } from './brevo.ts';
import { shopify } from './shopify.ts';
import { standard } from './standard.ts';
import { stripe } from './stripe.ts';
import { woocommerce } from './woocommerce.ts';

/** Whose webhooks are taken, by the name in the path: `POST /webhooks/shopify`. */
export const sources = { shopify, woocommerce, stripe, standard, brevo } as const;

export type SourceName = keyof typeof sources;
