/** Writes the schema of each event to `events/schemas/`: `npm run schemas`, which formats them as well. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { schemaDocuments } from './event-schemas.ts';

const folder = resolve(import.meta.dirname, '../events/schemas');

mkdirSync(folder, { recursive: true });
for (const [type, document] of schemaDocuments())
  writeFileSync(resolve(folder, `${type}.json`), JSON.stringify(document, null, 2));
console.log(`The schemas of ${schemaDocuments().size} events are in events/schemas/.`);
