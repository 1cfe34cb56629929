import type { Progress } from '../notices/erasure.ts';
import type { Reply } from './http-handler.ts';
import { Problem } from './problem.ts';

/**
 * How far an erasure is.
 * @throws {Problem} not-found where none goes on: nobody asked for one, or it is done
 */
export const progressReply = (progress: Progress | undefined, status: 200 | 202): Reply => {
  if (progress === undefined) {
    const detail = 'No erasure of this visitor goes on: none was asked for, or it is done';
    throw new Problem('not-found', { detail });
  }
  return { status, body: { ...progress, requestedAt: new Date(progress.requestedAt).toISOString() } };
};
