/** What PutEvents accepts and refuses: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
import * as z from 'zod/mini';
import { accountId, region } from './account.ts';

/** A refusal in AWS's shape: the type is what an SDK shows as the error's name. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const maximumEntries = 10;
const maximumBytes = 1024 * 1024;
/** What EventBridge counts for a time, whatever its form. */
const timeBytes = 14;
/** The last second of the year 9999. */
const latestSecond = 253_402_300_799;

const entrySchema = z.object({
  Detail: z.optional(z.string()),
  DetailType: z.optional(z.string()),
  EventBusName: z.optional(z.string()),
  Resources: z.optional(z.array(z.string())),
  Source: z.optional(z.string()),
  Time: z.optional(
    z.union([z.number().check(z.gte(0), z.lte(latestSecond)), z.iso.datetime({ offset: true })]),
  ),
});

const requestSchema = z.object({ Entries: z.array(entrySchema) });

type Entry = z.infer<typeof entrySchema>;

/** An event as a rule's target receives it. */
export interface BusEvent {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
}

interface Accepted {
  bus: string;
  event: BusEvent;
}

interface Refused {
  ErrorCode: string;
  ErrorMessage: string;
}

/** What makes events differ from run to run. */
interface Clock {
  now: () => Date;
  newId: () => string;
}

/**
 * Judges each entry on its own.
 *
 * @throws AwsError ValidationException when the request as a whole is refused
 */
export const acceptEntries = (body: unknown, clock: Clock): (Accepted | Refused)[] => {
  const request = requestSchema.safeParse(body);
  if (!request.success) throw new AwsError('ValidationException', z.prettifyError(request.error));
  const { Entries } = request.data;
  if (Entries.length === 0 || Entries.length > maximumEntries) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${
        Entries.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${maximumEntries}`
      }`,
    );
  }
  if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > maximumBytes) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  return Entries.map((entry) => accept(entry, clock));
};

const sizeOf = ({ Detail, DetailType, Resources = [], Source, Time }: Entry): number =>
  [Detail, DetailType, Source, ...Resources].reduce(
    (sum, text) => sum + Buffer.byteLength(text ?? ''),
    Time === undefined ? 0 : timeBytes,
  );

const accept = (entry: Entry, { now, newId }: Clock): Accepted | Refused => {
  const { Source, DetailType, Detail } = entry;
  if (!Source) return missing('Source');
  if (!DetailType) return missing('DetailType');
  if (!Detail) return missing('Detail');
  const bus = entry.EventBusName?.replace(/^arn:.*event-bus\//, '') ?? 'default';
  // On a partner's bus, whoever calls stands for the partner, who puts its own events there and no others.
  if (isOfPartner(bus) ? Source !== bus : Source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const detail = parseObject(Detail);
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return {
    bus,
    event: {
      version: '0',
      id: newId(),
      'detail-type': DetailType,
      source: Source,
      account: accountId,
      time: wholeSeconds(entry.Time, now),
      region,
      resources: entry.Resources ?? [],
      detail,
    },
  };
};

/** The bus of a partner event source has the source's name. */
export const isOfPartner = (name: string): boolean => name.startsWith('aws.partner/');

const missing = (argument: string): Refused => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${argument} is not valid. Reason: ${argument} is a required argument.`,
});

const parseObject = (json: string): Record<string, unknown> | undefined => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(json));
  } catch {
    return undefined;
  }
};

/** The caller's time (AWS JSON sends seconds since 1970) or now, without fractions as EventBridge has it. */
const wholeSeconds = (time: number | string | undefined, now: () => Date): string => {
  const date = time === undefined ? now() : new Date(typeof time === 'number' ? time * 1000 : time);
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
};
