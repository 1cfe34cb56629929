import { readFileSync } from 'node:fs';

/**
 * What an earlier run left in a JSON file, or undefined if there is none.
 *
 * @throws Error when the file cannot be read or holds no JSON
 */
export const readSaved = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};
