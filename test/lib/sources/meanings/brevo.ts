import { type Meaning, type Meanings, visitorId } from '../meaning.ts';

const conversationId = 'MxhGJAEugdLtS2BBq';
const received = (createdAt: string, data: object): Meaning => ({
  type: 'conversation.message_received',
  at: createdAt,
  data: { conversationId, visitorId, ...data, createdAt },
});
const asked = received('2026-01-15T09:28:30.000Z', {
  messageId: 'dkmyYPxJyh5rKDhRT',
  type: 'visitor',
  text: 'Bonjour ! Où en est ma commande #1001 ? Les « tasses » sont un cadeau 🎁',
});
const answered = received('2026-01-15T09:28:54.000Z', {
  messageId: 'q8WnB2vLsTz6XcRfE',
  type: 'agent',
  text: 'Bonjour Zoë, je regarde tout de suite 👀',
  agentId: 'bnRzp4CioKudG4aHm',
});
const seen = (at: string, messageId: string, text: string): Meaning => ({
  type: 'message.seen',
  at,
  data: { visitorId, messageId, text },
});
const pushed = seen(
  '2026-01-15T09:29:01.000Z',
  'pM7kD3hJx9Vt2NwQa',
  'Bonne nouvelle : votre commande #1001 est en route avec Postes Canada.',
);
const sentByBridge = seen(
  '2026-01-15T09:29:06.000Z',
  'rT5gY8uIo1PaSdFgH',
  'Votre remboursement est parti – « merci » de votre patience.',
);
const photo = received('2026-01-15T09:29:22.000Z', { messageId: 'zX4cV6bN8mLkJ2hGf', type: 'visitor' });
const thanks = received('2026-01-15T09:29:31.000Z', {
  messageId: 'hG2fD4sA6qWeR8tYu',
  type: 'visitor',
  text: 'Merci beaucoup !\nBonne journée ☀️',
});

export const meanings: Meanings = {
  'brevo-conversation-started': [
    {
      type: 'conversation.started',
      at: '2026-01-15T09:28:30.000Z',
      data: {
        conversationId,
        visitorId,
        startPage: 'https://shop.example.com/fr/commandes/1001',
        isNoAvailableAgent: false,
        source: 'widget',
      },
    },
    asked,
  ],
  'brevo-conversation-fragment': [asked, answered, pushed, sentByBridge, photo],
  'brevo-conversation-transcript': [
    asked,
    answered,
    pushed,
    sentByBridge,
    photo,
    thanks,
    {
      type: 'conversation.ended',
      at: '2026-01-15T09:29:31.000Z',
      data: { conversationId, visitorId, missedMessagesCount: 1 },
    },
  ],
};
