import type { Browser, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

type View = { width?: number; height?: number; colorScheme?: 'light' | 'dark' };

/** A fresh page of the browser until the test ends, and what it must not have: errors, and requests that leave the machine. */
export async function openPage(
  browser: Browser,
  url: string,
  { width = 1280, height = 900, colorScheme = 'light' }: View = {},
) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'en-GB' });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') complaints.push(`a request to ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
}

/** What an operator finds on the page. */
export const parts = (page: Page) => {
  const order = (number: string) => page.getByRole('article', { name: `Order ${number}` });
  const notice = (reference: string) => page.locator('.notice').filter({ hasText: reference });
  /** Presses a button on an order's card, which may be among those that are folded away. */
  const press = async (number: string, name: string) => {
    const button = order(number).getByRole('button', { name, exact: true });
    if (!(await button.isVisible())) await order(number).getByText('More').click();
    await button.click();
  };
  return {
    order,
    notice,
    /** Sends a status. */
    tell: press,
    withdraw: (number: string) => press(number, 'Withdraw the messages'),
    /** Begins another order for a customer, whose chat is shown then. Gives its number. */
    begin: async (customer: string): Promise<string> => {
      const card = page.getByRole('article').filter({ hasText: customer });
      const [, number = ''] = (await card.getAttribute('aria-label'))?.match(/(\d+)/) ?? [];
      await press(number, 'Start a new order');
      await order(number).waitFor({ state: 'detached' });
      const [, begun = ''] = (await card.getAttribute('aria-label'))?.match(/(\d+)/) ?? [];
      return begun;
    },
    /** Makes Brevo fail in a way, once it is known to. */
    fail: async (name: string) => {
      await page.getByRole('button', { name, exact: true }).click();
      await page.locator('.choice[aria-pressed="true"]', { hasText: name }).waitFor();
    },
    messages: page.locator('.message'),
    button: (name: string) => page.getByRole('button', { name, exact: true }),
  };
};
