import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { metricNames } from '../../lib/runtime/metrics.ts';
import { all as allOf, packagedTemplate } from './template.ts';

const metric = z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: z.array(z.unknown()) });

const alarmSchema = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.unknown()),
  TreatMissingData: z.string(),
  Threshold: z.number(),
  MetricName: z.optional(z.string()),
  Namespace: z.optional(z.string()),
  Dimensions: z.optional(z.array(z.unknown())),
  Metrics: z.optional(z.array(z.object({ MetricStat: z.optional(z.object({ Metric: metric })) }))),
});

const all = async <Schema extends z.ZodMiniType>(type: string, schema: Schema) =>
  allOf(await packagedTemplate(), type).map(({ logicalId, Properties }) => ({
    logicalId,
    properties: schema.parse(Properties),
  }));

const ownMetrics: string[] = Object.values(metricNames);

test('each alarm tells somebody, and says what to do', async () => {
  const alarms = await all('AWS::CloudWatch::Alarm', alarmSchema);
  expect(alarms).toHaveLength(12);
  for (const { properties } of alarms) {
    expect(properties.AlarmActions).toEqual([{ Ref: 'AlarmTopic' }]);
    expect(properties.AlarmName).toMatch(/^conversations-bridge-test-[a-z-]+$/);
    expect(properties.AlarmDescription.split('. ').length).toBeGreaterThan(1);
  }
});

test('alarms on the bridge’s own metrics name ones that it writes, of its stage', async () => {
  const own = (await all('AWS::CloudWatch::Alarm', alarmSchema))
    .map(({ properties }) => properties)
    .filter(({ Namespace }) => Namespace === 'ConversationsBridge');
  expect(own.map(({ MetricName }) => MetricName)).toEqual([
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
  const functions = await all(
    'AWS::Lambda::Function',
    z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) }),
  );
  for (const { properties } of functions)
    expect(properties.Environment.Variables.POWERTOOLS_SERVICE_NAME).toBe('conversations-bridge-test');
});

test('what waits too long is half of the configured freshness', async () => {
  const { default: config } = await import('../../bridge.config.ts');
  const alarms = await all('AWS::CloudWatch::Alarm', alarmSchema);
  const waiting = alarms.find(({ logicalId }) => logicalId === 'WaitingTooLongAlarm');
  expect(waiting?.properties.Threshold).toBe((config.freshnessHours * 60 * 60 * 1000) / 2);
});

test('the dashboard shows every alarm, and metrics that the bridge writes', async () => {
  const bodySchema = z.object({ DashboardBody: z.object({ 'Fn::Sub': z.string() }) });
  const [dashboard] = await all('AWS::CloudWatch::Dashboard', bodySchema);
  const body = dashboard?.properties.DashboardBody['Fn::Sub'] ?? '';
  const widgetsSchema = z.object({
    widgets: z.array(
      z.object({
        x: z.number(),
        width: z.number(),
        properties: z.object({
          alarms: z.optional(z.array(z.string())),
          metrics: z.optional(z.array(z.array(z.unknown()))),
        }),
      }),
    ),
  });
  const { widgets } = widgetsSchema.parse(JSON.parse(body));
  for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);

  const alarms = (await all('AWS::CloudWatch::Alarm', alarmSchema)).map(({ logicalId }) => logicalId);
  expect(widgets.flatMap(({ properties }) => properties.alarms ?? []).toSorted()).toEqual(
    alarms.map((logicalId) => `\${${logicalId}.Arn}`).toSorted(),
  );

  const shown = widgets.flatMap(({ properties: { metrics = [] } }) => {
    let namespace: unknown;
    return metrics.flatMap(([first, name]) => {
      if (typeof first === 'string' && !/^\.+$/.test(first)) namespace = first;
      return namespace === 'ConversationsBridge' && typeof name === 'string' ? [name] : [];
    });
  });
  expect(shown.filter((name) => !ownMetrics.includes(name))).toEqual([]);
  expect(ownMetrics.filter((name) => !shown.includes(name))).toEqual(['OutcomesUnknown', 'NoticesRefused']);
});
