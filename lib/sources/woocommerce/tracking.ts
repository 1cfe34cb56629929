import * as z from 'zod/mini';
import { details, text, webAddress } from '../lenient.ts';
import type { OrderNews } from '../order-news.ts';

/**
 * Shipment Tracking and the plug-ins that do as it does (Advanced Shipment Tracking) note the parcels of an order here.
 * https://woocommerce.com/document/shipment-tracking/
 */
const trackingKey = '_wc_shipment_tracking_items';

const parcels = details(
  z.object({
    formatted_tracking_provider: text,
    custom_tracking_provider: text,
    tracking_provider: text,
    tracking_number: text,
    custom_tracking_link: webAddress,
    formatted_tracking_link: webAddress,
  }),
);

/** PHP writes a list from which something was removed as an object: `{"1": …}`. */
const listed = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Object.values(value) : value;

/** The parcel that was noted last; empty when none is. */
export const shipmentIn = (
  meta: readonly { key: string; value?: unknown }[],
): Pick<OrderNews, 'carrier' | 'trackingNumber' | 'trackingUrl'> => {
  const noted = meta.find(({ key }) => key === trackingKey)?.value;
  const parcel = parcels.parse(listed(noted)).at(-1);
  if (parcel === undefined) return {};
  return {
    carrier:
      parcel.formatted_tracking_provider ?? parcel.custom_tracking_provider ?? parcel.tracking_provider,
    trackingNumber: parcel.tracking_number,
    trackingUrl: parcel.custom_tracking_link ?? parcel.formatted_tracking_link,
  };
};
