import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startBrevo } from '../../tools/brevo/server.ts';
import { launchBrowser } from '../../tools/browser.ts';
import { openPage, parts } from './open-page.ts';
import { startProjectCopy } from './project-copy.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

/** The page as soon as there is one. */
async function openEarly(environment?: Record<string, string>) {
  const project = await startProjectCopy(environment);
  onTestFinished(project.stop);
  await vi.waitFor(() => fetch(project.url), { timeout: 20_000 });
  return { project, ...(await openPage(browser, project.url)) };
}

test('the page is there while everything starts, comes alive by itself, and says when the run has stopped', async () => {
  const { project, page, complaints } = await openEarly();
  await page.getByText('Starting …').waitFor();
  expect((await fetch(`${project.url}/healthz`)).status).toBe(503);
  await parts(page).order('2041').waitFor();
  expect(complaints).toEqual([]);
  await project.stop();
  await page.getByRole('alert').filter({ hasText: 'The local run has stopped' }).waitFor();
});

test('beside a real Brevo the page says that chat and faults are the simulation’s, and the rest works', async () => {
  const brevo = await startBrevo({ port: 0, apiKey: 'a-real-key' });
  onTestFinished(() => brevo.close());
  const { page } = await openEarly({ BREVO_API_KEY: 'a-real-key', BREVO_BASE_URL: brevo.baseUrl });
  const { order, tell, notice } = parts(page);
  await order('2041').waitFor();
  await page.getByText('This run talks to the real Brevo').waitFor();
  expect(await page.getByText('Make Brevo fail').count()).toBe(0);
  await tell('2041', 'Paid');
  await notice('order:2041').locator('.is-settled').waitFor();
});
