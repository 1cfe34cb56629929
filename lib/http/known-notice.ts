import type { Notice } from '../notices/notice.ts';
import { Problem } from './problem.ts';

/**
 * The notice, if there is one.
 * @throws {Problem} not-found for a reference that nothing was stored under
 */
export const known = (notice: Notice): Notice => {
  if (notice.version > 0) return notice;
  throw new Problem('not-found', { detail: `There is no notice ${notice.reference}` });
};

/**
 * The notice, if it may be changed.
 * @throws {Problem} not-found; conflict while its visitor is being erased
 */
export const changeable = (notice: Notice): Notice => {
  const { reference, erasing } = known(notice);
  if (erasing !== true) return notice;
  throw new Problem('conflict', { detail: `The visitor of ${reference} is being erased`, reference });
};
