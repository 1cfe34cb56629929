/** https://docs.stripe.com/currencies#zero-decimal */
const zeroDecimal = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ');
const threeDecimal = 'BHD JOD KWD OMR TND'.split(' ');

/** Stripe lists the shilling as having no minor unit, and has it in hundredths among the special cases. */
const undecided = 'UGX';

/**
 * An amount in the currency's main unit, from the minor unit that Stripe counts in: 4990 in EUR is 49.9. (The króna,
 * which has no minor unit, is counted in hundredths all the same.)
 * @returns undefined where the unit is not known for certain
 */
export const mainUnits = (amount: number | undefined, currency: string | undefined): number | undefined => {
  if (amount === undefined || currency === undefined || currency === undecided) return undefined;
  if (zeroDecimal.includes(currency)) return amount;
  return amount / (threeDecimal.includes(currency) ? 1000 : 100);
};
