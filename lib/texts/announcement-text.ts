import { canonicalLocale, pickByLocale } from './locale.ts';

/**
 * The text of an announcement for a visitor: the one text there is, or the one of `texts` (by locale) that is nearest to
 * the visitor's locale, then to the default locale, else the first. Undefined when the wording holds none.
 */
export const announcementText = (
  wording: {
    text?: string | undefined;
    texts?: Readonly<Record<string, string>> | undefined;
  },
  locale: string | undefined,
  defaultLocale: string,
): string | undefined => {
  if (wording.text !== undefined) return wording.text;
  const entries = Object.entries(wording.texts ?? {});
  const byTag = new Map(entries.map(([tag, text]) => [canonicalLocale(tag) ?? tag, text]));
  return pickByLocale((tag) => byTag.get(tag), locale, defaultLocale)?.found ?? entries[0]?.[1];
};
