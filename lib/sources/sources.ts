import type { SourceName } from '../runtime/secrets.ts';
import { brevo } from './brevo/brevo.ts';
import { shopify } from './shopify/shopify.ts';
import type { Source } from './source.ts';
import { standard } from './standard/standard.ts';
import { stripe } from './stripe/stripe.ts';
import { woocommerce } from './woocommerce/woocommerce.ts';

/** The source of each sender's webhooks. */
export const sources: Record<SourceName, Source> = { shopify, woocommerce, stripe, standard, brevo };
