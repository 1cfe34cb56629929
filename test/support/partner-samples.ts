import { readdirSync, readFileSync } from 'node:fs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';

const folder = new URL('../../events/', import.meta.url);

interface Envelope {
  source: string;
  time: string;
  detail: Record<string, unknown>;
}

/** The samples of partners' events in `events/`, as a queue delivers them. */
export const partnerSamples = readdirSync(folder)
  .filter((file) => /^push-message\.\w+-partner-/.test(file))
  .flatMap((file) => {
    const { Records }: SQSEvent = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    return Records.map((record) => ({ name: file.split('.')[1] ?? '', record }));
  });

/** A sample's record, and its envelope for a test to change. */
export const partnerSample = (name: string): { record: SQSRecord; envelope: Envelope } => {
  const found = partnerSamples.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no sample ${name}`);
  return { record: found.record, envelope: JSON.parse(found.record.body) };
};
