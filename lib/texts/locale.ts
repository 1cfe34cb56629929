/** A shop has few languages and currencies; whatever else events may name does not pile up. */
const most = 100;

/** Makes something of these words once, and gives it again whenever they come again. */
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
 * A language tag in its canonical form, without extensions: `fr_ca` and `FR-CA-u-nu-arab` are `fr-CA`.
 * Undefined when it is no language tag (BCP 47).
 */
export const canonicalLocale = remembering((tag): string | undefined => {
  try {
    return new Intl.Locale(tag.trim().replaceAll('_', '-')).baseName;
  } catch {
    return undefined; // Intl knows no other way to say that a tag is malformed.
  }
});

/** `zh-Hant-TW` → itself, `zh-Hant`, `zh` (the lookup of RFC 4647). */
const lookup = (locale: string): string[] => {
  const subtags = locale.split('-');
  return subtags.map((_, dropped) => subtags.slice(0, subtags.length - dropped).join('-'));
};

/**
 * The first thing found for the wanted locale or its parents, else for the default locale or its parents.
 * @param find is asked with canonical tags
 * @returns what was found, with the full locale (`en-GB`, though found under `en`) to format dates and amounts in
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
