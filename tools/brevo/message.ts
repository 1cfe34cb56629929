import * as z from 'zod/mini';

/** A message with its whole past. `history` holds every text it had, the first and the current one included. Times: epoch ms. */
export const messageSchema = z.object({
  id: z.string(),
  visitorId: z.string(),
  kind: z.enum(['agent', 'pushed', 'visitor']),
  text: z.string(),
  createdAt: z.number(),
  agentId: z.nullable(z.string()),
  receivedFrom: z.nullable(z.string()),
  history: z.array(z.object({ at: z.number(), text: z.string() })),
  deletedAt: z.nullable(z.number()),
});
export type Message = z.infer<typeof messageSchema>;

/** The message as Brevo's definition shows it (ConversationsMessage): the properties of its examples. */
export function showMessage(message: Message) {
  return {
    id: message.id,
    type: message.kind === 'visitor' ? 'visitor' : 'agent',
    text: message.text,
    html: toHtml(message.text),
    visitorId: message.visitorId,
    ...(message.agentId === null ? {} : { agentId: message.agentId }),
    createdAt: message.createdAt,
    isPushed: message.kind === 'pushed',
    isTrigger: false,
    isMissed: false,
    isMissedByVisitor: false,
    ...(message.receivedFrom === null ? {} : { receivedFrom: message.receivedFrom }),
  };
}

/** Plain text as HTML. An apostrophe stays as it is, as in the definition's examples. */
function toHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/\r\n|\r|\n/g, '<br>');
}
