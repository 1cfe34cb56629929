/** Draws numbers in [0, 1); the same seed gives the same numbers. */
export type Random = () => number;

/**
 * A stream of random numbers of its own for each purpose, so that one more draw here moves nothing there.
 * The generator is sfc32, seeded by a hash of both (https://pracrand.sourceforge.net).
 */
export const createRandom = (seed: number, purpose: string): Random => {
  let [a, b, c, counter] = [hash(`${seed} ${purpose} a`), hash(`${seed} ${purpose} b`), hash(purpose), 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first numbers still show the seed.
  for (let i = 0; i < 12; i++) next();
  return next;
};

/** FNV-1a. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return value;
};

/** A number from `low` to below `high`. */
export const between = (random: Random, low: number, high: number): number => low + random() * (high - low);

export const oneOf = <Item>(random: Random, items: readonly [Item, ...Item[]]): Item =>
  items[Math.floor(random() * items.length)] ?? items[0];

/** The same items in random order. */
export const shuffled = <Item>(random: Random, items: readonly Item[]): Item[] =>
  items
    .map((item) => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
