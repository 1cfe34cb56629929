import * as z from 'zod/mini';
import type { ReadDetail } from '../source.ts';
import { ignored } from '../source.ts';
import { readSnapshot } from './stripe.ts';

/** https://docs.stripe.com/api/v2/core/events — names an object, but does not hold it. */
const thin = z.object({ object: z.literal('v2.core.event') });

/** Stripe's event destination: the detail is the event that a webhook's body holds. */
export const stripe: ReadDetail = (detail, now) =>
  z.safeParse(thin, detail).success
    ? ignored(
        'a thin event holds no data: choose the payload style snapshot for the event destination in Stripe',
      )
    : readSnapshot(detail, now);
