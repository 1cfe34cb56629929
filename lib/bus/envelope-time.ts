/** A sender's clock may be wrong; one that is further ahead of ours than this is not believed at all. */
const believableSkewMs = 5 * 60_000;

/**
 * What an event is dated by: the time that its sender gives, so that it is the same event however often it is
 * delivered, unless that lies in the future. All in milliseconds since 1970.
 * @param instead where the sender's time is not believed
 */
export const envelopeTime = (given: number, now: number, instead = now): number =>
  given > now + believableSkewMs ? instead : given;
