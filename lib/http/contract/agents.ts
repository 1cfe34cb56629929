import { agentPing, messageText, newAgentMessage } from '../../brevo/schemas.ts';
import * as fields from './fields.ts';
import { problemsOfBrevo } from './fields.ts';
import { nothing, operation } from './operation.ts';

const tag = 'Agent messages';
const byId = { ...nothing, path: fields.message };
const { isPushed: _, ...example } = fields.messageExample;
const shown = { description: 'The message.', schema: fields.agentMessage, example };

export const postAgentMessage = operation({
  id: 'postAgentMessage',
  method: 'POST',
  path: '/messages',
  tag,
  summary: 'Send a message as an agent',
  description:
    'Calls Brevo directly. Sending the same request again sends the message again. Identify the agent by `agentId`, or by `agentEmail`, `agentName` and `receivedFrom` together.',
  request: { ...nothing, body: newAgentMessage },
  example: { visitorId: example.visitorId, text: 'Hello, how can I help?', agentId: example.agentId },
  answers: { 201: { ...shown, headers: { location: 'Path of the message' } } },
  problems: fields.problemsOfBrevo,
});

export const getAgentMessage = operation({
  id: 'getAgentMessage',
  method: 'GET',
  path: '/messages/{id}',
  tag,
  summary: 'Read a message of an agent or a visitor',
  description: 'Reads it from Brevo.',
  request: byId,
  answers: { 200: shown },
  problems: ['not-found', ...fields.problemsOfBrevo],
});

export const updateAgentMessage = operation({
  id: 'updateAgentMessage',
  method: 'PUT',
  path: '/messages/{id}',
  tag,
  summary: 'Change the text of an agent’s message',
  description: 'Calls Brevo directly.',
  request: { ...byId, body: messageText },
  example: { text: 'Good morning, how can I help?' },
  answers: { 200: shown },
  problems: ['not-found', ...fields.problemsOfBrevo],
});

export const deleteAgentMessage = operation({
  id: 'deleteAgentMessage',
  method: 'DELETE',
  path: '/messages/{id}',
  tag,
  summary: 'Delete an agent’s message',
  description: 'Calls Brevo directly.',
  request: byId,
  answers: { 204: { description: 'The message is deleted.' } },
  problems: ['not-found', ...fields.problemsOfBrevo],
});

export const pingAgent = operation({
  id: 'pingAgent',
  method: 'POST',
  path: '/agents/online-ping',
  tag: 'Agents',
  summary: 'Show an agent as online for the next two to three minutes',
  description: 'Not needed for agents on shift: the bridge keeps them online by itself.',
  request: { ...nothing, body: agentPing },
  example: { agentId: 'd9nKoegKSjmCtyK78' },
  answers: { 204: { description: 'The agent is shown as online.' } },
  problems: problemsOfBrevo,
});
