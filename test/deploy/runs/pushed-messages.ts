import { type AtWork, tooMany } from './at-work.ts';

const own = (reference: string, text = 'Hello') => ({ body: { visitorId: 'ada', text, reference } });

const missing = { kind: 'status', status: 404 };

/** Messages of callers: told at once, told later, told before, refused. */
export const runPosts = async ({ call, fault, later, wait, notice }: AtWork) => {
  const post = (status: number, given: object) =>
    call(['post-pushed-message', status], 'POST /pushed-messages', given);
  await later();
  await post(201, own('a'));
  await post(201, own('a'));
  await post(409, own('a', 'Something else'));
  await post(400, { body: {} });
  const keyed = {
    body: { visitorId: 'ada', text: 'Hello' },
    headers: { authorization: 'Bearer test-token', 'idempotency-key': 'k-1' },
  };
  await post(201, keyed);
  await post(201, keyed);
  await post(201, { body: { visitorId: 'ada', text: 'Whatever' } });
  await fault({ kind: 'status', status: 400 });
  await post(502, own('refused'));
  await fault({ kind: 'reset-after' });
  await post(202, own('lost'));

  wait(180);
  await fault(tooMany);
  await post(202, own('b'));
  await post(202, own('c'));
  await later();
  await post(201, own('b'));

  // Asked for again while a message of it is still to be deleted, which is made up for.
  await fault(tooMany);
  await call(['withdraw-notice', 202], 'DELETE /notices/b');
  wait(180);
  await post(200, own('b'));
  await notice('b', 'settled');
};

/** By Brevo’s ids: the bridge’s own messages, and those of others. */
export const runPushedMessages = async ({ call, fault, later, wait, notice, push, order }: AtWork) => {
  await later();
  await push(order('20', 'paid'), order('21', 'paid'));
  const older = await notice('order:20', 'settled');
  await push(order('20', 'shipped'));
  const newest = await notice('order:20', 'settled');
  const other = await notice('order:21', 'settled');

  const get = (status: number, id: string) =>
    call(['get-pushed-message', status], `GET /pushed-messages/${id}`);
  await get(200, newest);
  await get(404, 'unheard-of');

  const update = (status: number, id: string, text: string) =>
    call(['update-pushed-message', status], `PUT /pushed-messages/${id}`, { body: { text } });
  await update(200, newest, 'Shipped');
  await update(200, older, 'Paid');
  await update(404, 'unheard-of', 'Nothing');
  // Not there any more: it is posted anew.
  await fault({ match: { method: 'PUT' }, ...missing });
  await update(200, newest, 'Shipped at last');
  await fault(tooMany);
  await update(202, await notice('order:20', 'settled'), 'Later');
  await update(429, 'unheard-of', 'Nothing');

  wait(180);
  const remove = (status: number, id: string) =>
    call(['delete-pushed-message', status], `DELETE /pushed-messages/${id}`);
  await remove(204, older);
  await remove(404, 'unheard-of');
  await fault(tooMany);
  await remove(202, other);
  await get(429, other);
  wait(180);
  await remove(204, other);
};
