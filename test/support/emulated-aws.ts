import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { listen } from '../../tools/aws/listen.ts';

const freePort = async (): Promise<string> => {
  const { url, close } = await listen(() => {}, 0);
  await close();
  return new URL(url).port;
};

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

/**
 * AWS as moto emulates it (https://docs.getmoto.org), until the test has finished.
 * @returns its address
 */
export const startEmulatedAws = async (): Promise<string> => {
  const port = await freePort();
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', port], { stdio: 'ignore' });
  onTestFinished(() => void server.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  while (server.exitCode === null) {
    if (await answers(url)) return url;
    await pause(100);
  }
  throw new Error(`moto_server ended with ${server.exitCode}`);
};
