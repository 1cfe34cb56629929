import type { OrderStatusChanged } from '../bus/events.ts';
import type { Config } from '../config/config.ts';
import type { Desired, Facts } from '../notices/notice.ts';
import { contentOf } from '../notices/precedence.ts';
import type { Incoming } from '../notices/record.ts';
import type { OrderDetails } from '../texts/order.ts';
import type { Subject } from '../texts/order-status.ts';
import { orderText } from '../texts/order-text.ts';
import { trackingKey } from './parcels.ts';

/** What is the same for every event of an order. */
const ofOrder = ['orderNumber', 'locale', 'currency'] as const;
/** What is the same for every event of a parcel. */
const ofParcel = ['carrier', 'trackingNumber', 'trackingUrl'] as const;
const ofThisParcel = [...ofParcel, 'estimate'];

/** What an event may name of these. */
export type Named = Partial<Pick<OrderDetails, (typeof ofOrder)[number] | (typeof ofParcel)[number]>>;

/** The facts that an event names. `at` in milliseconds since 1970. */
const namedIn = (event: Named, names: readonly (keyof Named)[], at: number): Facts =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = event[name];
      return value === undefined ? [] : [[name, { value, at }]];
    }),
  );

/** Whether both are about the same parcel: neither its number nor its link differs. */
const isSameParcel = (some: Named, others: Named): boolean =>
  ofParcel.every((name) => {
    const [one, other] = [some[name], others[name]];
    const isNumber = name === 'trackingNumber';
    return (
      one === undefined ||
      other === undefined ||
      one === other ||
      (isNumber && trackingKey(one) === trackingKey(other))
    );
  });

const valuesOf = (facts: Facts): Named =>
  Object.fromEntries(Object.entries(facts).map(([name, { value }]) => [name, value]));

const without = (facts: Facts, names: readonly string[]): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => !names.includes(name)));

/**
 * The known facts and those of an event: each from the newest event that named it. A parcel's number never goes with
 * the link or the carrier of another one.
 * @returns the same object if nothing is new
 */
const learning =
  (told: Facts) =>
  (known: Facts): Facts => {
    const isNewer = (name: string) => (known[name]?.at ?? 0) <= (told[name]?.at ?? 0);
    const isOther = !isSameParcel(valuesOf(told), valuesOf(known));
    const isOutdated = isOther && !ofParcel.every((name) => told[name] === undefined || isNewer(name));
    const news = Object.entries(isOutdated ? without(told, ofThisParcel) : told).filter(
      ([name, { value }]) => known[name]?.value !== value && isNewer(name),
    );
    if (news.length === 0) return known;
    return {
      ...(isOther && !isOutdated ? without(known, ofThisParcel) : known),
      ...Object.fromEntries(news),
    };
  };

/** When a parcel should arrive, as one status of it said. Another status may have made that untrue. */
const estimateIn = ({ status, estimatedDelivery, occurredAt: at }: OrderStatusChanged): Facts =>
  estimatedDelivery === undefined ? {} : { estimate: { value: `${status} ${estimatedDelivery}`, at } };

/** What an event says, completed by facts that it does not name itself. */
const completedBy = (said: OrderDetails, known: Facts, status: string): OrderDetails => {
  const { estimate, ...facts } = isSameParcel(said, valuesOf(known)) ? known : without(known, ofThisParcel);
  const [of, estimatedDelivery] = estimate?.value.split(' ') ?? [];
  const named = Object.entries(said).filter(([, value]) => value !== undefined);
  return {
    ...said,
    ...(of === status && { estimatedDelivery }),
    ...valuesOf(facts),
    ...Object.fromEntries(named),
  };
};

/**
 * What an event says about its order besides the status.
 * @param part whether the event is about a parcel, a refund, or the order itself
 * @param hearsay what is said about the order and the parcel by someone else than the shop. Any event of the shop takes over
 */
export const accountOf = (
  event: OrderStatusChanged,
  part: Subject,
  config: Config,
  hearsay: Named = {},
): Required<Pick<Incoming, 'learn' | 'learnOrder' | 'inherit' | 'complete'>> => {
  const own = { order: [...ofOrder, ...ofParcel], shipment: ofParcel, refund: [] }[part];
  const told = (names: readonly (keyof Named)[]) =>
    learning({
      ...namedIn(hearsay, [...ofOrder, ...names], 0),
      ...namedIn(event, names, event.occurredAt),
      ...(part === 'shipment' && estimateIn(event)),
    });
  return {
    learn: told(own),
    learnOrder: told(part === 'order' ? own : ofOrder),
    inherit: (own, all) => learning(without(all, ofThisParcel))(own),
    complete: (desired, known) => completed(desired, known, config),
  };
};

const completed = ({ said, ...desired }: Desired, known: Facts, config: Config): Desired => {
  if (said === undefined) return desired;
  const text = orderText(config, { ...completedBy(said, known, desired.status), status: desired.status });
  const content = contentOf(text, desired.agentId, desired.groupId);
  return { ...desired, text, content, precedence: desired.precedence.replace(desired.content, content) };
};

/** Whether facts of the order may complete the text of an event, which reads the `missing` fields of an order. */
export const isSparse = (
  { locale, orderNumber, total, currency, ...parcel }: OrderStatusChanged,
  missing: ReadonlySet<string>,
  about: Subject,
): boolean =>
  locale === undefined ||
  orderNumber === undefined ||
  (missing.has('total') && total !== undefined && currency === undefined) ||
  (about === 'shipment' && ofParcel.some((name) => missing.has(name) && parcel[name] === undefined));
