/** The alarms and the dashboard, and the metrics that they name. */
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import config from '../../bridge.config.ts';
import { metricNames } from '../../lib/runtime/metrics.ts';
import { all, functionsOf, packagedTemplate, type Template } from './template.ts';

const alarmSchema = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.unknown()),
  TreatMissingData: z.string(),
  Threshold: z.number(),
  MetricName: z.optional(z.string()),
  Namespace: z.optional(z.string()),
  Dimensions: z.optional(z.array(z.unknown())),
});

const alarmsOf = (template: Template) =>
  all(template, 'AWS::CloudWatch::Alarm').map(({ logicalId, Properties }) => ({
    logicalId,
    ...alarmSchema.parse(Properties),
  }));

const ownMetrics: string[] = Object.values(metricNames);

test('each alarm goes to the topic, and says what to do', async () => {
  const alarms = alarmsOf(await packagedTemplate());
  expect(alarms).toHaveLength(13);
  for (const { AlarmActions, AlarmName, AlarmDescription } of alarms) {
    expect(AlarmActions).toEqual([{ Ref: 'AlarmTopic' }]);
    expect(AlarmName).toMatch(/^conversations-bridge-test-[a-z-]+$/);
    expect(AlarmDescription.split('. ').length).toBeGreaterThan(1);
  }
});

test('alarms on the bridge’s own metrics name ones that it writes, of its stage', async () => {
  const template = await packagedTemplate();
  const own = alarmsOf(template).filter(({ Namespace }) => Namespace === 'ConversationsBridge');
  expect(own.map(({ MetricName }) => MetricName)).toEqual([
    'StatusesUnknown',
    'UnknownHeld',
    'RefusedHeld',
    'BudgetPaused',
    'OldestWaiting',
    'PingsFailed',
    'WebhooksRefused',
  ]);
  for (const { MetricName = '', Dimensions } of own) {
    expect(ownMetrics).toContain(MetricName);
    expect(Dimensions).toEqual([{ Name: 'service', Value: 'conversations-bridge-test' }]);
  }
  for (const { variables } of functionsOf(template))
    expect(variables.POWERTOOLS_SERVICE_NAME).toBe('conversations-bridge-test');
});

test('a notice waits too long after half of the configured freshness', async () => {
  const alarms = alarmsOf(await packagedTemplate());
  const waiting = alarms.find(({ logicalId }) => logicalId === 'WaitingTooLongAlarm');
  expect(waiting?.Threshold).toBe((config.freshnessHours * 60 * 60 * 1000) / 2);
});

const dashboardSchema = z.object({
  widgets: z.array(
    z.object({
      x: z.number(),
      width: z.number(),
      properties: z.object({
        alarms: z._default(z.array(z.string()), []),
        metrics: z._default(z.array(z.array(z.unknown())), []),
      }),
    }),
  ),
});

/** What a partial search finds, as CloudWatch splits names: every word is among those of the value. */
const finds = (term: string, value: string): boolean =>
  term.split(' ').every((word) => /^\w+$/.test(word) && value.split(/\W/).includes(word));

test('the dashboard finds every function, and has a name of its own in each region of an account', async () => {
  const template = await packagedTemplate();
  const { DashboardName, DashboardBody } = template.Resources.Dashboard?.Properties ?? {};
  expect(DashboardName).toBe('conversations-bridge-test-eu-west-1');
  const terms = Array.from(
    String(DashboardBody['Fn::Sub']).matchAll(/SEARCH\('\{[^}]*\} MetricName=\\"\w+\\" ([^']+)'/g),
    ([, term = '']) => term,
  );
  expect(terms).toHaveLength(3);
  for (const { functionName } of functionsOf(template))
    for (const term of terms) expect(finds(term, functionName), functionName).toBe(true);
});

test('the dashboard shows every alarm, and all metrics that the bridge writes but two', async () => {
  const template = await packagedTemplate();
  const body = template.Resources.Dashboard?.Properties.DashboardBody['Fn::Sub'];
  const { widgets } = dashboardSchema.parse(JSON.parse(body));
  for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);

  expect(widgets.flatMap(({ properties }) => properties.alarms).toSorted()).toEqual(
    alarmsOf(template)
      .map(({ logicalId }) => `\${${logicalId}.Arn}`)
      .toSorted(),
  );

  const shown = widgets.flatMap(({ properties }) => {
    let namespace: unknown;
    return properties.metrics.flatMap(([first, name]) => {
      if (typeof first === 'string' && !/^\.+$/.test(first)) namespace = first;
      return namespace === 'ConversationsBridge' && typeof name === 'string' ? [name] : [];
    });
  });
  expect(shown.filter((name) => !ownMetrics.includes(name))).toEqual([]);
  expect(ownMetrics.filter((name) => !shown.includes(name))).toEqual(['OutcomesUnknown', 'NoticesRefused']);
});
