/** The buses of partners: a rule for the partner's own source each, to the queue of the shop's events. */
import { expect, test } from 'vitest';
import { partnerSources } from '../../tools/aws/account.ts';
import { compilePattern } from '../../tools/aws/event-pattern.ts';
import { all, packagedTemplate } from './template.ts';

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

const partners = [
  ['Shopify', partnerSources[0]],
  ['Stripe', partnerSources[1]],
  ['Commercetools', partnerSources[2]],
] as const;

test.each(partners)(
  '%s has a bus with the name of its source, and a rule for nothing else',
  async (partner, source) => {
    const { Resources } = await packagedTemplate();
    expect(Resources[`${partner}Bus`]?.Properties).toEqual({ Name: source, EventSourceName: source });
    const { EventBusName, EventPattern, Targets } = Resources[`${partner}Rule`]?.Properties ?? {};
    expect(EventBusName).toEqual({ Ref: `${partner}Bus` });
    expect(Targets).toEqual([
      { Id: 'event-queue', Arn: arnOf('EventQueue'), DeadLetterConfig: { Arn: arnOf('DeadLetterQueue') } },
    ]);
    const matches = compilePattern(EventPattern);
    expect(matches({ source })).toBe(true);
    for (const other of [...partnerSources, 'shop.orders', `${source}2`, ''].filter(
      (each) => each !== source,
    ))
      expect(matches({ source: other })).toBe(false);
  },
);

test('nothing else takes events of partners: no route, no permission, no other queue', async () => {
  const template = await packagedTemplate();
  const buses = all(template, 'AWS::Events::EventBus').map(({ logicalId }) => logicalId);
  expect(buses).toEqual(['Bus', ...partners.map(([partner]) => `${partner}Bus`)]);
  const others = Object.entries(template.Resources).filter(([, { Type }]) => !/^AWS::Events::/.test(Type));
  const naming = others.filter(([, { Properties }]) => JSON.stringify(Properties).includes('aws.partner/'));
  expect(naming.map(([logicalId]) => logicalId)).toEqual(['PushDashmessageLambdaFunction']);
});

test('push-message reads the sources that have a rule', async () => {
  const { Resources } = await packagedTemplate();
  const { Variables } = Resources.PushDashmessageLambdaFunction?.Properties.Environment ?? {};
  expect(Variables.PARTNER_SOURCES.split(',')).toEqual(partnerSources);
});
