import { type Browser, chromium } from 'playwright-core';

/**
 * Starts Chromium, as a browser that calls nobody by itself. CHROMIUM_PATH says where it is, if not where Debian has it.
 *
 * @throws Error when there is none
 */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
