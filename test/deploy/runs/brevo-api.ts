import * as z from 'zod/mini';
import { type AtWork, tooMany } from './at-work.ts';

const agent = { agentEmail: 'liz@shop.example', agentName: 'Liz', receivedFrom: 'back office' };

const message = z.object({ id: z.string() });

/** Operations that go straight to Brevo, within the budget and beyond it; and those that ask nothing of anybody. */
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

  await call(['get-openapi', 200], 'GET /openapi.json');
  await call(['fallback-route', 404], 'GET /unheard-of');
  await call(['fallback-route', 401], 'GET /unheard-of', { headers: {} });
};
