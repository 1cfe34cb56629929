import { spawnSync } from 'node:child_process';

/** Whether this machine has a program that the project cannot bring along. */
export const isInstalled = (program: string): boolean =>
  spawnSync(program, ['--help'], { stdio: 'ignore' }).status === 0;
