import { agentPing } from '../../brevo/schemas.ts';
import { noParameters, operation } from '../operation.ts';
import { problemsOfBrevo } from './fields.ts';

export const pingAgent = operation({
  id: 'pingAgent',
  method: 'POST',
  path: '/agents/online-ping',
  tag: 'Agents',
  summary: 'Show an agent as online for the next two to three minutes',
  description: 'By hand: the agents on shift are kept online without it.',
  parameters: noParameters,
  body: { schema: agentPing, example: { agentId: 'd9nKoegKSjmCtyK78' } },
  answers: { 204: { description: 'The agent is shown as online.' } },
  problems: problemsOfBrevo,
  isOpen: false,
});
