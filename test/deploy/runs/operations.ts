/** Runs of the HTTP API's operations. */
import * as z from 'zod/mini';
import { type AtWork, lost, tooMany } from './at-work.ts';

const own = (reference: string, text = 'Hello') => ({ body: { visitorId: 'ada', text, reference } });

const missing = { kind: 'status', status: 404 };

/** Callers post messages: sent at once, sent later, sent before, refused. */
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
  await post(422, own('refused'));
  await fault({ kind: 'reset-after' });
  await post(202, own('lost'));

  wait(180);
  await fault(tooMany);
  await post(202, own('b'));
  await post(202, own('c'));
  await later();
  await post(201, own('b'));

  // Posted again while its message waits to be deleted: the message stays.
  await fault(tooMany);
  await call(['withdraw-notice', 202], 'DELETE /notices/b');
  wait(180);
  await post(200, own('b'));
  await notice('b', 'settled');
};

/** Callers read, change and delete messages by Brevo’s ids: those of the bridge, and others. */
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

const saying = (text: string) => ({ body: { text } });

/** An operator changes, withdraws and lists notices. */
export const runNotices = async ({ call, fault, later, wait, notice, push, order }: AtWork) => {
  await later();
  await push(order('30', 'paid'), order('31', 'paid'));
  const update = (status: number, reference: string, text: string) =>
    call(['update-notice', status], `PUT /notices/${reference}`, saying(text));
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

/** An operator resolves held notices. */
export const runResolutions = async ({ call, fault, later, wait, push, order, notice }: AtWork) => {
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

  await fault({ kind: 'status', status: 400 });
  await push(order('46', 'paid'));
  await call(['retry-notices', 202], 'POST /notices/retry');
  await notice('order:46', 'pending');
};

/** An operator erases visitors: at once, over some minutes, and once more. */
export const runErasures = async ({ call, fault, later, wait, push, order, event, tick }: AtWork) => {
  const erase = (status: number, visitor: string) =>
    call(['erase-visitor', status], 'POST /erasures', { body: { visitorId: visitor } });
  const look = (status: number, visitor: string) =>
    call(['get-erasure', status], `GET /erasures?visitorId=${visitor}`);
  const ask = (visitorId: string) =>
    event('notice.requested', { reference: `for:${visitorId}`, visitorId, text: 'Hello' });
  await later();
  await look(404, 'eve');
  await push(ask('eve'), ask('fay'), order('50', 'paid', { visitorId: 'gus' }));
  await push(order('50', 'shipped', { visitorId: undefined, shipmentId: '1' }));

  await erase(202, 'eve');
  await look(200, 'eve');
  wait(16);
  // Nothing is left of the visitor, nor of the erasure itself.
  await erase(404, 'eve');

  // What Brevo refuses for now is tried again each minute.
  await fault(tooMany);
  await erase(202, 'fay');
  await erase(202, 'gus');
  await look(200, 'fay');
  await push(order('50', 'delivered', { visitorId: 'gus' }));
  wait(180);
  await tick();
  wait(16);
  await tick();
  await look(404, 'fay');
  await look(404, 'gus');
};

const agent = { agentEmail: 'liz@shop.example', agentName: 'Liz', receivedFrom: 'back office' };

const message = z.object({ id: z.string() });

/** Operations that go straight to Brevo, within the budget and beyond it; and those that call neither Brevo nor AWS. */
export const runBrevoApi = async ({ call, fault, later }: AtWork) => {
  await later();
  const body = { visitorId: 'ada', text: 'Good day!', ...agent };
  const { id } = message.parse(await call(['post-agent-message', 201], 'POST /messages', { body }));
  await call(['get-agent-message', 200], `GET /messages/${id}`);
  await call(['update-agent-message', 200], `PUT /messages/${id}`, { body: { text: 'Hello!' } });
  await call(['ping-agent', 204], 'POST /agents/online-ping', { body: agent });
  await call(['delete-agent-message', 204], `DELETE /messages/${id}`);
  await call(['delete-agent-message', 404], `DELETE /messages/${id}`);

  await fault(tooMany);
  await call(['post-agent-message', 429], 'POST /messages', { body });
  await call(['get-agent-message', 429], `GET /messages/${id}`);
  await call(['update-agent-message', 429], `PUT /messages/${id}`, { body: { text: 'Hello!' } });
  await call(['ping-agent', 429], 'POST /agents/online-ping', { body: agent });
  await call(['delete-agent-message', 429], `DELETE /messages/${id}`);

  await call(['get-open-api', 200], 'GET /openapi.json');
  await call(['fallback-route', 404], 'GET /unheard-of');
  await call(['fallback-route', 401], 'GET /unheard-of', { headers: {} });
};
