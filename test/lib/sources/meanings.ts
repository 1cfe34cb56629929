import { readdirSync } from 'node:fs';
import type { Meanings } from './meaning.ts';

const folder = new URL('meanings/', import.meta.url);

interface File {
  meanings: Meanings;
  shown?: readonly RegExp[];
}

const files: File[] = await Promise.all(
  readdirSync(folder).map((file) => import(new URL(file, folder).href)),
);

/** What each webhook of `events/` means, by its name. */
export const meanings: Meanings = Object.assign({}, ...files.map((file) => file.meanings));

/** The texts that remain in the chats after all of them, in whatever order. */
export const shown = files.flatMap((file) => file.shown ?? []);
