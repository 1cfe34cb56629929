import { readdir } from 'node:fs/promises';
import type { Sample } from './state.ts';

const pattern = /^(push-message|receive-webhook)\.([\w-]+)\.json$/;

/** The samples in `events/` that can be sent: events for the bus, and webhooks. */
export async function listSamples(folder: string): Promise<Sample[]> {
  const files = await readdir(folder);
  return files.toSorted().flatMap((file): Sample[] => {
    const [, kind, name] = pattern.exec(file) ?? [];
    if (name === undefined) return [];
    const words = name.replaceAll('-', ' ');
    return [
      {
        file,
        kind: kind === 'push-message' ? 'event' : 'webhook',
        title: words.charAt(0).toUpperCase() + words.slice(1),
      },
    ];
  });
}
