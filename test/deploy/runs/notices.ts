import { type AtWork, lost, tooMany } from './at-work.ts';

const told = (text: string) => ({ body: { text } });

/** An operator changes, withdraws and lists notices. */
export const runNotices = async ({ call, fault, later, wait, notice, push, order }: AtWork) => {
  await later();
  await push(order('30', 'paid'), order('31', 'paid'));
  const update = (status: number, reference: string, text: string) =>
    call(['update-notice', status], `PUT /notices/${reference}`, told(text));
  await update(200, 'order:30', 'Paid, thanks');
  await update(404, 'unheard-of', 'Nothing');
  await fault({ match: { method: 'PUT' }, kind: 'status', status: 404 });
  await update(200, 'order:30', 'Paid, thank you');
  await fault(tooMany);
  await update(202, 'order:30', 'Paid');

  const list = (status: number, query = '') => call(['list-notices', status], `GET /notices${query}`);
  await list(200);
  await list(200, '?held=true');
  await list(400, '?limit=many');

  wait(180);
  await call(['withdraw-notice', 200], 'DELETE /notices/order:30');
  await call(['withdraw-notice', 404], 'DELETE /notices/unheard-of');
  await call(['get-notice', 404], 'GET /notices/unheard-of');
  await fault({ kind: 'status', status: 500 });
  await call(['withdraw-notice', 202], 'DELETE /notices/order:31');
  await notice('order:31', 'pending');
};

/** An operator answers for what is held. */
export const runAnswers = async ({ call, fault, later, wait, push, order, notice }: AtWork) => {
  const resolve = (status: number, reference: string, body: object) =>
    call(['resolve-notice', status], `POST /notices/${reference}/resolve`, { body });
  await later();
  for (const id of ['40', '41', '42', '43']) {
    await fault(lost);
    await push(order(id, 'paid'));
    await notice(`order:${id}`, 'unknown');
  }
  wait(180);
  await resolve(200, 'order:40', { action: 'sent', messageId: 'found' });
  await resolve(200, 'order:41', { action: 'sent' });
  await resolve(200, 'order:42', { action: 'resend' });
  await resolve(200, 'order:43', { action: 'drop' });
  await resolve(409, 'order:43', { action: 'drop' });
  await resolve(404, 'unheard-of', { action: 'drop' });

  await fault({ kind: 'status', status: 400 });
  await push(order('44', 'paid'));
  await fault(tooMany);
  await resolve(202, 'order:44', { action: 'retry' });
  wait(180);
  await push(order('45', 'paid'));
  await fault({ match: { method: 'DELETE' }, kind: 'status', status: 400 });
  await call(['withdraw-notice', 502], 'DELETE /notices/order:45');
  await resolve(200, 'order:45', { action: 'retry' });
};
