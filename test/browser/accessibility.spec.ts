import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { launchBrowser } from '../../tools/browser.ts';
import { openPage, parts } from './open-page.ts';
import { type ProjectCopy, startProjectCopy } from './project-copy.ts';

let browser: Browser;
let project: ProjectCopy;

beforeAll(async () => {
  [browser, project] = await Promise.all([launchBrowser(), startProjectCopy()]);
  await project.isHealthy();
});

afterAll(async () => {
  await Promise.all([browser.close(), project.stop()]);
});

const findings = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.nullable(z.string()),
      nodes: z.array(z.object({ html: z.string() })),
    }),
  ),
});

describe.each([
  { colorScheme: 'light', width: 1280, height: 900 },
  { colorScheme: 'dark', width: 1280, height: 900 },
  { colorScheme: 'light', width: 390, height: 844 },
  { colorScheme: 'dark', width: 390, height: 844 },
] as const)('$colorScheme, $width wide', (view) => {
  /** The page with something in each of its parts. */
  const openFilled = async () => {
    const { page, complaints } = await openPage(browser, project.url, view);
    const { tell, fail, notice, order, messages } = parts(page);
    await tell('2041', 'Paid');
    // Else it might be this one whose answer gets lost.
    await messages.first().waitFor();
    await fail('Answer lost');
    await tell('2042', 'Paid');
    await tell('2042', 'Shipped');
    await notice('order:2042').first().waitFor();
    await page.getByRole('textbox', { name: 'Écrire un message' }).fill('Bonjour !');
    await page.keyboard.press('Enter');
    await order('2043').getByText('More').click();
    await page.getByText('Write an event').click();
    await page.getByLabel('Data').fill('{ "orderId": {} }');
    await page.locator('.field-faults li').first().waitFor();
    return { page, complaints };
  };

  test('axe finds nothing serious, and nothing is logged or fetched that should not be', async () => {
    const { page, complaints } = await openFilled();
    // Colours are judged as they end up, not on their way there.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.evaluate(axe.source);
    const { violations } = findings.parse(await page.evaluate('axe.run()'));
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('nothing sticks out at the side', async () => {
    const { page } = await openFilled();
    const width = z.number().parse(await page.evaluate('document.documentElement.scrollWidth'));
    expect(width).toBeLessThanOrEqual(view.width);
  });
});
