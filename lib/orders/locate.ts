/** Finds the order and the parcel of an event, which carriers name by numbers. */
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DeadLetter } from '../bus/dead-letters.ts';
import type { OrderEvent, ParcelEvent, ShopEvent } from '../bus/events.ts';
import type { Mapped } from '../bus/records.ts';
import { orderReference, parcelNamedBy } from '../bus/reference.ts';
import type { Config } from '../config/config.ts';
import type { Request } from '../notices/ingest.ts';
import { type Logger, messages } from '../runtime/log.ts';
import { type Metrics, metricNames } from '../runtime/metrics.ts';
import { type Aliases, aliasesIn, type Early, earlyOf, written } from './aliases.ts';
import { freshUntil, type LocatedEvent, locatedAt, type mapEvent, statusOf } from './map-event.ts';
import type { ParcelStore } from './parcel-store.ts';
import type { Sighting } from './parcels.ts';

type WithdrawalEvent = Extract<ShopEvent, { type: 'notice.withdrawn' }>;

interface LocatingOptions {
  config: Config;
  aliases: Aliases;
  parcels: ParcelStore;
  /** The requests of an event whose order and parcel are known. */
  map: ReturnType<typeof mapEvent>;
  deadLetter: DeadLetter;
  logger: Logger;
  metrics: Metrics;
}

/**
 * Maps events as `map` does. An event of a carrier becomes one of its order, or waits until the shop reports the order;
 * an event of the shop brings those along that waited for it.
 */
export const mapLocated = (options: LocatingOptions): ((event: ShopEvent) => Promise<Mapped<Request>>) => {
  const { config, aliases, parcels, map, deadLetter, logger, metrics } = options;

  const requestsOf = (event: Parameters<typeof map>[0]) =>
    map(event).map((request) => ({ eventId: event.metadata.id, request }));

  const shipmentOf = async (
    event: OrderEvent | ParcelEvent,
    orderId: string,
    sighting: Sighting,
  ): Promise<string | undefined> =>
    statusOf(event, config).about === 'shipment' ? parcels.place(orderId, sighting) : sighting.shipmentId;

  const byShop = async (event: OrderEvent): Promise<LocatedEvent> => {
    const { orderId, shipmentId, trackingNumber } = event.data;
    const found = await shipmentOf(event, orderId, { by: 'shop', shipmentId, trackingNumber });
    return { ...event, data: { ...event.data, shipmentId: found } };
  };

  const byCarrier = async (event: ParcelEvent, orderId: string): Promise<LocatedEvent> => {
    const { trackingNumber } = event.data;
    const shipmentId = await shipmentOf(event, orderId, { by: 'carrier', trackingNumber });
    return locatedAt(event, { orderId, shipmentId });
  };

  /** Counts an event whose numbers stand for several orders. It is not told to anyone. */
  const refuse = ({ event }: Early): Mapped<Request>['requests'] => {
    logger.warn(messages.ingested, { eventId: event.metadata.id, result: 'ambiguous', references: [] });
    metrics.addMetric(metricNames.parcelsAmbiguous, MetricUnit.Count, 1);
    return [];
  };

  /** The requests of an event that has waited; undefined if it goes on waiting. */
  const requestsOfEarly = async (early: Early): Promise<Mapped<Request>['requests'] | undefined> => {
    const found = await aliases.find(early);
    if (found.kind === 'unknown') return undefined;
    if (found.kind === 'ambiguous') return refuse(early);
    const { event } = early;
    const { orderId } = found;
    try {
      requestsOf(locatedAt(event, { orderId, shipmentId: undefined }));
    } catch (error) {
      // The event of the shop that brings it along must not fail with it.
      const reason = error instanceof Error ? error.message : String(error);
      await deadLetter(written(event), reason);
      logger.error(messages.unreadable, { eventId: event.metadata.id, reason });
      metrics.addMetric(metricNames.unreadable, MetricUnit.Count, 1);
      return [];
    }
    return requestsOf(await byCarrier(event, orderId));
  };

  const ofShop = async (event: OrderEvent): Promise<Mapped<Request>> => {
    statusOf(event, config);
    const ids = await aliases.claim(aliasesIn(event.data), event.data.orderId);
    const own = requestsOf(await byShop(event));
    const waited = (await Promise.all(ids.map(aliases.waiting))).filter((early) => early !== undefined);
    const requests = [...own];
    const ended: Early[] = [];
    for (const early of waited.toSorted((a, b) => a.event.data.occurredAt - b.event.data.occurredAt)) {
      const asked = await requestsOfEarly(early);
      if (asked === undefined) continue;
      requests.push(...asked);
      ended.push(early);
    }
    return {
      requests,
      ...(ended.length > 0 && { settle: async () => void (await Promise.all(ended.map(aliases.release))) }),
    };
  };

  const ofCarrier = async (event: ParcelEvent): Promise<Mapped<Request>> => {
    statusOf(event, config);
    const early = earlyOf(event);
    let found = await aliases.find(early);
    if (found.kind === 'unknown')
      found = await aliases.wait(early, freshUntil(event.data.occurredAt, config));
    if (found.kind === 'unknown') {
      logger.info(messages.ingested, { eventId: event.metadata.id, result: 'early', references: [] });
      metrics.addMetric(metricNames.parcelsEarly, MetricUnit.Count, 1);
      return { requests: [] };
    }
    const requests =
      found.kind === 'ambiguous' ? refuse(early) : requestsOf(await byCarrier(event, found.orderId));
    return {
      requests,
      ...(found.isWaiting && { settle: async () => void (await aliases.release(early)) }),
    };
  };

  /** Withdraws a parcel by the shop's id. Its notice may have another id, if a carrier reported it first. */
  const withdrawn = async (event: WithdrawalEvent): Promise<Mapped<Request>> => {
    const parcel = parcelNamedBy(event.data.reference);
    const id = parcel && (await parcels.noticeOf(parcel));
    if (parcel === undefined || id === undefined) return { requests: requestsOf(event) };
    const reference = orderReference(parcel.orderId, { about: 'shipment', id });
    return { requests: requestsOf({ ...event, data: { ...event.data, reference } }) };
  };

  return async (event) => {
    switch (event.type) {
      case 'notice.withdrawn':
        return withdrawn(event);
      case 'order.status_changed':
        return ofShop(event);
      case 'parcel.status_changed':
        return ofCarrier(event);
      default:
        return { requests: requestsOf(event) };
    }
  };
};

/** Events that one run drops at most. */
const mostDropped = 100;

/**
 * Drops the events whose order did not come while they were fresh. One whose order is known by now was taken by
 * whoever found the order.
 */
export const dropUnclaimed = async ({
  aliases,
  logger,
  metrics,
}: Pick<LocatingOptions, 'aliases' | 'logger' | 'metrics'>): Promise<void> => {
  for (const { id, event } of await aliases.overdue(mostDropped)) {
    const isTaken = event !== undefined && (await aliases.find({ id, event })).kind !== 'unknown';
    const isDropped = await aliases.release({ id, event });
    if (isTaken || !isDropped) continue;
    logger.warn(messages.unclaimed, { eventId: event?.metadata.id });
    metrics.addMetric(metricNames.parcelsUnclaimed, MetricUnit.Count, 1);
  }
};
