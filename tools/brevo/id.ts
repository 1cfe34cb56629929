// Letters and digits that cannot be mistaken for one another, as in the ids of Brevo's examples.
const alphabet = '23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz';
const length = 17;

/**
 * A new opaque id of 17 characters, drawn from `random`.
 *
 * @throws Error when `random` keeps repeating itself
 */
export function newId(random: () => number, isTaken: (id: string) => boolean): string {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const id = Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
    if (!isTaken(id)) return id;
  }
  throw new Error('random() gave ten ids that are all taken: it repeats itself');
}
