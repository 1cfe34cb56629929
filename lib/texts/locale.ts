/**
 * A shop has few locales and currencies. The limit keeps events with many different values from filling the memory.
 */
const most = 100;

/** Caches the result of `make` for each combination of arguments. */
export const remembering = <Made>(make: (...words: string[]) => Made) => {
  const known = new Map<string, { made: Made }>();
  return (...words: string[]): Made => {
    const key = words.join(' ');
    const found = known.get(key);
    if (found !== undefined) return found.made;
    const made = make(...words);
    if (known.size >= most) known.clear();
    known.set(key, { made });
    return made;
  };
};

/**
 * The canonical form of a language tag, without extensions: `fr_ca` and `FR-CA-u-nu-arab` become `fr-CA`. Undefined
 * if it is not a language tag (BCP 47).
 */
export const canonicalLocale = remembering((tag): string | undefined => {
  try {
    return new Intl.Locale(tag.trim().replaceAll('_', '-')).baseName;
  } catch {
    return undefined; // Intl offers no other way to check a tag.
  }
});

/** `zh-Hant-TW` → `zh-Hant-TW`, `zh-Hant`, `zh` (the lookup of RFC 4647). */
const lookup = (locale: string): string[] => {
  const subtags = locale.split('-');
  return subtags.map((_, dropped) => subtags.slice(0, subtags.length - dropped).join('-'));
};

/**
 * The first match for the wanted locale or its parents, otherwise for the default locale or its parents.
 * @param find called with canonical tags
 * @returns the match, and the full locale in which to format dates and amounts (`en-GB`, even if the match is for
 * `en`)
 */
export const pickByLocale = <Found>(
  find: (tag: string) => Found | undefined,
  wanted: string | undefined,
  defaultLocale: string,
): { found: Found; locale: string } | undefined => {
  for (const locale of [canonicalLocale(wanted ?? ''), canonicalLocale(defaultLocale)]) {
    for (const tag of locale ? lookup(locale) : []) {
      const found = find(tag);
      if (found !== undefined && locale) return { found, locale };
    }
  }
  return undefined;
};
