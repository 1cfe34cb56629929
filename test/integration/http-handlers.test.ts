import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, inject, onTestFinished, test, vi } from 'vitest';
import { startStack } from '../../tools/aws/stack.ts';
import { readTemplate } from '../../tools/aws/template.ts';
import { freshRegistration, secretOf } from '../../tools/samples/webhooks.ts';
import { startTestBrevo } from '../support/bridge.ts';
import { stubEnvironment } from '../support/environment.ts';
import { files } from '../support/http-api.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { secrets } from '../support/stack.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

const samples = readdirSync('events').filter((file) =>
  Object.values(files).includes(file.split('.')[0] ?? ''),
);
/** Of the webhooks, Brevo's, which carry a token as the other requests do. */
const sampleOf = (name: string) =>
  samples.find((file) => file.startsWith(name === 'receive-webhook' ? `${name}.brevo` : `${name}.`)) ?? '';

/** The expected status for the sample of each function, with an empty database. */
const usual = [200, 201, 202, 204, 404];

test.each([...new Set(Object.values(files))])(
  '%s finds everything it needs in the environment that the template sets',
  async (name) => {
    const stack = await startStack({
      template: await readTemplate(inject('templateFile')),
      stackName: 'test',
      ports: { bus: 0, dynamoDb: 0, queues: 0 },
      secrets: JSON.stringify({
        ...secrets,
        apiTokens: ['local-token'],
        webhooks: { brevo: [secretOf('brevo')], shopware: [secretOf('shopware')] },
      }),
    });
    onTestFinished(() => stack.close());
    const brevo = await startTestBrevo();
    stubEnvironment(stack, name, brevo.baseUrl);
    const { handler } = await import(`../../functions/${name}.ts`);
    const sample = JSON.parse(readFileSync(`events/${sampleOf(name)}`, 'utf8'));
    const isRegistration = name === 'register-source';
    const event = { ...sample, ...(isRegistration && freshRegistration(sample.rawQueryString, Date.now())) };
    const { statusCode, body } = await handler(event, lambdaContext());
    expect(usual, body).toContain(statusCode);
    const others = { authorization: 'Bearer other', 'shopware-app-signature': 'other' };
    const strangers = { ...event, headers: { ...event.headers, ...others } };
    const { statusCode: refused } = await handler(strangers, lambdaContext());
    expect(refused).toBe(name === 'get-open-api' ? 200 : 401);
  },
);
