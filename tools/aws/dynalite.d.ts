/** The part of dynalite that the local run uses; the package brings no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** @param options.path directory of the LevelDB store; in memory without it */
  export default function dynalite(options: { createTableMs?: number; path?: string }): Server;
}
