import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
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

/** The page, which must be without a complaint when the test ends. */
async function open(view?: Parameters<typeof openPage>[2]) {
  const { page, complaints } = await openPage(browser, project.url, view);
  onTestFinished(() => expect(complaints).toEqual([]));
  return { page, ...parts(page) };
}

test('one click on Paid shows a message in the chat', async () => {
  const { tell, messages } = await open();
  await tell('2041', 'Paid');
  await messages.first().waitFor();
  expect(await messages.first().textContent()).toContain('We have received your payment of £38.00');
});

test('an order is told of step by step, in the customer’s language, and a late status changes nothing', async () => {
  const { tell, messages, order } = await open();
  for (const [index, status] of ['Paid', 'Shipped', 'Delivered'].entries()) {
    await tell('2042', status);
    await messages.nth(index).waitFor();
  }
  expect(await messages.allTextContents()).toEqual([
    expect.stringContaining('Nous avons bien reçu votre paiement de 64,90'),
    expect.stringContaining('est en route avec Colissimo'),
    expect.stringContaining('#2042'),
  ]);
  await tell('2042', 'Paid');
  await vi.waitFor(() => expect(project.output()).toContain('result=outdated'), 5_000);
  await order('2042').locator('[aria-current]', { hasText: 'Delivered' }).waitFor();
  expect(await messages.count()).toBe(3);
});

test('another language in the widget is that of the next message', async () => {
  const { page, begin, tell, messages } = await open();
  const number = await begin('Ada');
  const before = await messages.count();
  await page.getByLabel('Language of Ada Okafor').selectOption('es');
  await page.getByRole('textbox', { name: 'Escribir un mensaje' }).waitFor();
  await tell(number, 'Paid');
  await messages.nth(before).waitFor();
  expect(await messages.nth(before).textContent()).toContain('Hemos recibido el pago');
  await page.getByLabel('Language of Ada Okafor').selectOption('en-GB');
  await page.getByRole('textbox', { name: 'Write a message' }).waitFor();
});

test('a lost answer holds the notice until an operator answers, and for a quiet minute after that', async () => {
  const { page, begin, fail, tell, messages, notice } = await open();
  const number = await begin('Jonas');
  const before = await messages.count();
  await fail('Answer lost');
  await tell(number, 'Paid');
  await notice(number).locator('.is-unknown').waitFor();
  await page.getByText('One notice needs your decision').waitFor();
  expect(await messages.count()).toBe(before + 1);
  await notice(number).getByRole('button', { name: 'Send again' }).click();
  await notice(number)
    .getByText(/due in 0:[0-5]\d/)
    .waitFor();
});

test('a refusal holds it too, until Brevo is asked again', async () => {
  const { begin, fail, tell, messages, notice } = await open();
  const number = await begin('Ada');
  const before = await messages.count();
  await fail('Refused');
  await tell(number, 'Shipped');
  await notice(number).locator('.is-refused').waitFor();
  expect(await notice(number).textContent()).toContain('agentId is not valid');
  await notice(number).getByRole('button', { name: 'Try again' }).click();
  await notice(number).locator('.is-settled').waitFor();
  await messages.nth(before).waitFor();
});

test('saving bridge.config.ts changes the next message', async () => {
  const { page, begin, tell, messages } = await open();
  const number = await begin('Ada');
  await project.change('has been delivered. We hope you like it!', 'is in your hands. Enjoy!');
  onTestFinished(() => project.restore());
  await page.getByText('bridge.config.ts reloaded').waitFor();
  await tell(number, 'Delivered');
  await messages.filter({ hasText: 'is in your hands. Enjoy!' }).waitFor();
});

test('saving it does not cut off a call that is under way', async () => {
  const { begin, fail, tell, notice } = await open();
  const number = await begin('Jonas');
  await fail('Slow');
  await tell(number, 'Paid');
  await notice(number).locator('.is-sending').waitFor();
  await project.change('has been delivered', 'is there');
  onTestFinished(() => project.restore());
  expect(await notice(number).locator('.is-sending').count()).toBe(1);
  await notice(number).locator('.is-settled').waitFor({ timeout: 10_000 });
  await fail('No fault');
});

test('a status whose policy is edit changes the message that is there', async () => {
  const { begin, tell, messages } = await open();
  await project.change(
    "policy: { default: 'append' }",
    "policy: { default: 'append', out_for_delivery: 'edit' }",
  );
  onTestFinished(() => project.restore());
  const number = await begin('Jonas');
  const before = await messages.count();
  await tell(number, 'Shipped');
  await messages.nth(before).waitFor();
  await tell(number, 'Out for delivery');
  await messages.filter({ hasText: 'bearbeitet' }).waitFor();
  expect(await messages.count()).toBe(before + 1);
});

test('a faulty configuration is shown, and the former one goes on', async () => {
  const { page, begin, tell, messages } = await open();
  await project.change('freshnessHours: 24', 'freshnessHours: -24');
  await page.getByRole('alert').filter({ hasText: 'freshnessHours' }).waitFor();
  expect(project.output()).toContain('the former version goes on running');
  const number = await begin('Jonas');
  const before = await messages.count();
  await tell(number, 'Delivered');
  await messages.nth(before).waitFor();
  await project.restore();
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

test('what is withdrawn goes from the chat', async () => {
  const { page, begin, tell, withdraw, messages } = await open();
  const number = await begin('Léa');
  const before = await messages.count();
  await tell(number, 'Paid');
  await messages.nth(before).waitFor();
  await withdraw(number);
  await page.locator('.removed').waitFor();
  expect(await messages.count()).toBe(before);
});

test('a sample webhook is followed to the chat of whoever is told', async () => {
  const { page, messages } = await open();
  await page.getByText(/in events\/$/).click();
  await page.getByRole('button', { name: 'Shopify order paid' }).click();
  await page.locator('.visitors [aria-pressed="true"]', { hasNotText: /Ada|Léa|Jonas/ }).waitFor();
  expect(await messages.count()).toBe(1);
});

test('with five requests a minute messages wait, and several changes become one message', {
  timeout: 120_000,
}, async () => {
  const { page, begin, order, tell, messages, notice, button } = await open();
  const pace = page.getByRole('switch', { name: 'Five requests a minute' });
  const number = await begin('Léa');
  const before = await messages.count();
  await pace.click();
  await page.getByText('5 in a minute').waitFor();
  for (const status of ['Pending', 'Paid', 'Processing', 'Shipped', 'Out for delivery', 'Delivered']) {
    await tell(number, status);
    await order(number).locator('[aria-current]', { hasText: status }).waitFor();
  }
  await notice(number).locator('.is-pending').waitFor();
  await pace.click();
  await page.getByText('100 in an hour').waitFor();
  // Brevo may have said that nothing is left until its minute is over, and the bridge believes that to its end.
  await page.getByText('Messages can be sent now').waitFor({ timeout: 90_000 });
  // The schedule may have been there before.
  await button('Deliver now').or(notice(number).locator('.is-settled')).first().click();
  await notice(number).locator('.is-settled').waitFor();
  await notice(number).getByText('revision 6').waitFor();
  const told = (await messages.count()) - before;
  expect(told).toBeGreaterThanOrEqual(1);
  expect(told).toBeLessThan(6);
});

test('an event of one’s own names each field at fault while it is written', async () => {
  const { page } = await open();
  await page.getByText('Write an event').click();
  await page
    .getByLabel('Data')
    .fill('{ "orderId": 7, "status": "paid", "currency": "euro", "occurredAt": "now" }');
  const faults = page.locator('.field-faults li');
  await faults.nth(1).waitFor();
  expect(await faults.allTextContents()).toEqual([
    expect.stringMatching(/^occurredAt/),
    expect.stringMatching(/^currency/),
  ]);
  await page.getByLabel('Data').fill('{ "orderId": ');
  await faults.filter({ hasText: 'JSON' }).waitFor();
});

test('everything can be done by the keyboard', async () => {
  const { page, messages, button } = await open();
  await button('Ada').focus();
  await page.keyboard.press('Enter');
  const before = await messages.count();
  await page.getByRole('textbox', { name: 'Write a message' }).focus();
  await page.keyboard.type('Thank you!');
  await page.keyboard.press('Enter');
  await messages.nth(before).waitFor();
  expect(await messages.nth(before).textContent()).toContain('Thank you!');
});

test('a pasted payload shows what it would become, and sends nothing', async () => {
  const { page } = await open();
  await page.getByText('Paste a payload').click();
  const order = { id: 7, name: '#7', financial_status: 'paid', customer: { id: 5 }, customer_locale: 'fr' };
  const paid = JSON.stringify({ ...order, updated_at: new Date().toISOString() });
  const card = page.locator('details', { hasText: 'Paste a payload' });
  await card.getByLabel('Payload').fill(paid);
  await card.getByText('if it is the body of a webhook, name its sender').waitFor();
  await card.getByLabel('Sender').selectOption('shopify');
  await card.getByText('unknown topic').waitFor();
  await card.getByLabel(/^Headers/).fill('X-Shopify-Topic: orders/paid');
  await card.getByText('to the visitor of customer shopify:5').waitFor();
  expect(await card.locator('dd[lang=fr]').textContent()).toMatch(/^Merci ! .* #7/);
  expect(project.output()).not.toContain('order:7');
});
