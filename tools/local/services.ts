import type { Stack } from '../aws/stack.ts';
import type { Template } from '../aws/template.ts';
import type { Service } from '../console/state.ts';
import type { Ports } from './ports.ts';

/** What runs where, as printed at the start and shown on the console page. */
export const listServices = (run: {
  ports: Ports;
  brevoBaseUrl: string;
  simulated: boolean;
  template: Template;
  stack: Pick<Stack, 'buses' | 'queues' | 'functions'>;
}): Service[] => {
  const { ports, brevoBaseUrl, simulated, template, stack } = run;
  const at = (name: keyof Ports) => `http://127.0.0.1:${ports[name]}`;
  const hasRoutes = Object.values(template.Resources).some(({ Type }) => Type === 'AWS::ApiGatewayV2::Route');
  return [
    { what: 'Console', url: at('console'), note: 'GET /healthz' },
    ...(hasRoutes ? [{ what: 'HTTP API', url: at('httpApi'), note: 'bearer token local-token' }] : []),
    { what: 'EventBridge', url: at('bus'), note: `bus ${stack.buses.join(', ')}` },
    simulated
      ? { what: 'Simulated Brevo', url: brevoBaseUrl, note: `control API at ${at('brevo')}/control` }
      : {
          what: 'Real Brevo',
          url: brevoBaseUrl,
          note: 'as BREVO_BASE_URL and BREVO_API_KEY say; nothing is simulated',
        },
    { what: 'DynamoDB', url: at('dynamoDb'), note: 'kept over a restart' },
    {
      what: 'SQS',
      url: at('queues'),
      note: stack.queues.map(({ name }) => name).join(', '),
    },
    { what: 'Lambda Invoke', url: at('lambda'), note: stack.functions.map(({ name }) => name).join(', ') },
  ];
};
