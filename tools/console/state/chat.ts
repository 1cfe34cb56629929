import * as z from 'zod/mini';
import { messageSchema } from '../../brevo/state.ts';
import type { Simulation } from '../simulation.ts';
import type { Chat, ChatMessage } from '../state.ts';

const messages = z.array(messageSchema);
const agents = z.array(
  z.object({ name: z.string(), online: z.boolean(), onlineUntil: z.nullable(z.number()) }),
);

/** So many messages are shown, of all visitors together. */
const longest = 150;

/** What the simulated Brevo would show in its chats. */
export async function readChat({ get }: Simulation): Promise<Chat> {
  const [all, staff] = await Promise.all([get('/messages', messages), get('/agents', agents)]);
  return {
    messages: all.slice(-longest).map(show),
    agents: staff.map(({ name, online }) => ({ name, isOnline: online })),
  };
}

function show({
  id,
  visitorId,
  kind,
  text,
  createdAt,
  history,
  deletedAt,
}: z.infer<typeof messageSchema>): ChatMessage {
  const lastEdit = history.length > 1 ? history.at(-1) : undefined;
  return {
    id,
    visitorId,
    isFromVisitor: kind === 'visitor',
    text,
    at: createdAt,
    ...(lastEdit !== undefined && { editedAt: lastEdit.at }),
    ...(deletedAt !== null && { deletedAt }),
  };
}
