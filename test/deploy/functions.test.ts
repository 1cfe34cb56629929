/** Runs the packaged functions: what they ask of AWS and of their environment is what the template gives them. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { deploy } from './deployment.ts';
import { ownNames, strayNames } from './environment.ts';
import { differences } from './permissions.ts';
import { atWork } from './runs/at-work.ts';
import { runMinutes, runOrders, runPresence, runRegistrations, runWebhooks } from './runs/events.ts';
import {
  runBrevoApi,
  runErasures,
  runNotices,
  runPosts,
  runPushedMessages,
  runResolutions,
} from './runs/operations.ts';
import { packagedTemplate } from './template.ts';

vi.setConfig({ testTimeout: 60_000 });

const runs = [
  runPresence,
  runOrders,
  runMinutes,
  runPosts,
  runPushedMessages,
  runNotices,
  runResolutions,
  runErasures,
  runBrevoApi,
  runWebhooks,
  runRegistrations,
];

const observe = async () => {
  const deployment = await deploy();
  try {
    const worker = atWork(deployment);
    const failures: string[] = [];
    // What is seen after a failure is of use all the same: it may say why.
    for (const run of runs) await run(worker).catch((error) => failures.push(`${run.name}: ${error}`));
    const { functions } = deployment;
    return {
      failures,
      template: await packagedTemplate(),
      loaded: new Map(functions.map(({ name, loaded }) => [name, loaded])),
      read: new Map(functions.map(({ name, read }) => [name, read()])),
      asked: new Map(functions.map(({ name, asked }) => [name, asked()])),
    };
  } finally {
    await deployment.close();
  }
};

let observation: ReturnType<typeof observe> | undefined;

/** All tests look at the same runs. */
const observed = () => {
  observation ??= observe();
  return observation;
};

test('each run goes as it is meant to', async () => {
  expect((await observed()).failures).toEqual([]);
});

test('roles grant what the functions ask of AWS, and nothing else', async () => {
  const { template, asked } = await observed();
  expect(differences(template, asked)).toEqual([]);
});

test('no kind of call is left out of the runs', async () => {
  const { asked } = await observed();
  const code = globSync('lib/**/*.ts').map((file) => readFileSync(file, 'utf8'));
  const commands = code.flatMap((text) =>
    Array.from(text.matchAll(/\b([A-Z]\w+)Command\b/g), ([, name]) => name),
  );
  const calls = [...asked.values()].flatMap((permissions) => [...permissions]);
  const names = calls.map((call) => call.replace(/^\w+:(\w+) on .*$/s, '$1'));
  expect(new Set(names)).toEqual(new Set(commands));
});

describe('the comparison of permissions', () => {
  const changed = async (from: string, to: string) => {
    const { template, asked } = await observed();
    const role = JSON.stringify(template.Resources.GetDashnoticeIamRoleLambdaExecution);
    expect(role).toContain(from);
    const GetDashnoticeIamRoleLambdaExecution = JSON.parse(role.replace(from, to));
    const Resources = { ...template.Resources, GetDashnoticeIamRoleLambdaExecution };
    const before = differences(template, asked);
    return differences({ ...template, Resources }, asked).filter((each) => !before.includes(each));
  };

  test('finds an action that is missing', async () => {
    expect(await changed('"ssm:GetParameter"', '')).toEqual([
      'get-notice may not, and has to: ssm:GetParameter on parameter/conversations-bridge/test/secrets',
    ]);
  });

  test('finds an action that is superfluous', async () => {
    expect(await changed('"dynamodb:GetItem"', '"dynamodb:GetItem","dynamodb:Scan"')).toEqual([
      'get-notice may, and never does: dynamodb:Scan on Table',
    ]);
  });

  test('finds a resource that is wider than needed, or another one', async () => {
    expect(await changed('parameter/conversations-bridge/test/secrets', 'parameter/*')).toEqual([
      'get-notice may not, and has to: ssm:GetParameter on parameter/conversations-bridge/test/secrets',
      'get-notice may, and never does: ssm:GetParameter on parameter/*',
    ]);
    expect(await changed('"GetDashnoticeLogGroup"', '"GetDasherasureLogGroup"')).toContain(
      'get-notice may not, and has to: logs:PutLogEvents on GetDashnoticeLogGroup',
    );
  });

  test('refuses what it cannot judge', async () => {
    await expect(changed('"Action":["dynamodb', '"NotAction":["dynamodb')).rejects.toThrow('NotAction');
  });
});

test('each name of the environment that is read is set, and each that is set is read', async () => {
  const { template, read } = await observed();
  expect(strayNames(template, read)).toEqual([]);
  const missing = new Map(read).set('get-notice', [
    'SECRETS_PARAMETER',
    'POWERTOOLS_SERVICE_NAME',
    'NOT_SET',
  ]);
  expect(strayNames(template, missing)).toEqual([
    'get-notice reads NOT_SET, which is not set',
    'get-notice does not read TABLE_NAME, which is set',
  ]);
});

test('to import a handler reads no setting of the function’s, and opens nothing', async () => {
  const { loaded } = await observed();
  for (const [name, { isFunction, opened, read }] of loaded)
    expect({ name, isFunction, opened, read: ownNames(read) }).toEqual({
      name,
      isFunction: true,
      opened: [],
      read: [],
    });
});
