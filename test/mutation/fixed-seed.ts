/** Stryker finds a test by its name, which holds the seed if it is a property. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 1, numRuns: 20, endOnFailure: true });
