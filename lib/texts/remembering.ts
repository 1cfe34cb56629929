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
