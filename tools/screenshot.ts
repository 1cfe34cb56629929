/** `npm run screenshot`: takes README's picture of the console from a local run of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { apiToken } from './local/environment.ts';
import { startLocalRun } from './local/local-run.ts';
import { choosePorts } from './local/ports.ts';
import '../lib/runtime/parse.ts';

const ports = choosePorts({ LOCAL_PORT: process.env.LOCAL_PORT ?? '4700' });

/** Three customers in three languages: one got every message, one writes back, and for one Brevo's answer is lost. */
const fillPage = async (page: Page): Promise<void> => {
  const press = (order: string, status: string) =>
    page
      .getByRole('article', { name: `Order ${order}` })
      .getByRole('button', { name: status, exact: true })
      .click();
  const said = (count: number) =>
    page
      .locator('.message')
      .nth(count - 1)
      .waitFor();

  await fetch(`http://127.0.0.1:${ports.httpApi}/agents/online-ping`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      agentEmail: 'shop@example.com',
      agentName: 'Shop team',
      receivedFrom: 'conversations-bridge',
    }),
  });
  for (const [index, status] of ['Paid', 'Shipped', 'Delivered'].entries()) {
    await press('2043', status);
    await said(index + 1);
  }
  await press('2042', 'Paid');
  await said(1);
  await page.getByRole('button', { name: 'Answer lost' }).click();
  await page.locator('[aria-pressed="true"]', { hasText: 'Answer lost' }).waitFor();
  await press('2042', 'Shipped');
  await page.locator('.notice.is-unknown').waitFor();
  await press('2041', 'Paid');
  await said(1);
  await page.getByRole('textbox', { name: 'Write a message' }).fill('Wonderful, thank you!');
  await page.keyboard.press('Enter');
  await said(2);
  await press('2041', 'Shipped');
  await said(3);
  await page.locator('.toast').waitFor({ state: 'detached' });
};

const file = join(import.meta.dirname, 'console/screenshot.png');
const directory = await mkdtemp(join(tmpdir(), 'screenshot-'));
const run = await startLocalRun({
  root: resolve(import.meta.dirname, '..'),
  directory,
  ports,
  environment: process.env,
  signal: new AbortController().signal,
  log: () => {},
});
const browser = await launchBrowser();
try {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 860 },
    deviceScaleFactor: 1,
    locale: 'en-GB',
  });
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  await page.goto(run.url);
  await fillPage(page);
  await page.screenshot({ path: file });
  console.log(file);
} finally {
  await browser.close();
  await run.close();
  await rm(directory, { recursive: true });
}
process.exit(0);
