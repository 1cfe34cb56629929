import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { metricNames } from '../lib/runtime/metrics.ts';
import { orderStatuses, statusFacts } from '../lib/texts/order-status.ts';

const documents = globSync('{*.md,docs/**/*.md,lib/**/*.md}').map((file) => ({
  file,
  text: readFileSync(file, 'utf8'),
}));

const contentOf = (file: string): string => documents.find((each) => each.file === file)?.text ?? '';

/** What stands in code spans and code blocks is no link. */
const prose = (text: string): string => text.replaceAll(/```.*?```/gs, '').replaceAll(/`[^`]*`/g, '');

/** The anchor that GitHub makes of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsIn = (text: string): string[] =>
  Array.from(text.replaceAll(/```.*?```/gs, '').matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    anchorOf(heading),
  );

test.each(documents)('each relative link of $file leads somewhere', ({ file, text }) => {
  const links = Array.from(prose(text).matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => target);
  const broken = links.filter((target) => {
    if (/^(https?|mailto):/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const to = path === '' ? file : normalize(join(dirname(file), path));
    if (!existsSync(to)) return true;
    return anchor !== undefined && !anchorsIn(readFileSync(to, 'utf8')).includes(anchor);
  });
  expect(broken).toEqual([]);
});

/** Paths of the project's own, as prose and code blocks name them; one with a placeholder in it is no file. */
const ownPath =
  /(?<![\w/.@{-])(?:\.\/)?((?:functions|lib|deploy|tools|test|events|docs|\.ci|\.github)\/[^\s`'")\]|,;#(]*)/g;

test.each(documents)('each file and folder that $file names is there', ({ file, text }) => {
  // A changelog names what was there.
  if (file === 'CHANGELOG.md') return;
  const named = Array.from(text.matchAll(ownPath), ([, path = '']) => path.replace(/[.:]+$/, ''));
  const files = new Set(named.filter((path) => !/[<…{]/.test(path)));
  expect([...files].filter((path) => globSync(path).length === 0)).toEqual([]);
});

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

test.each(documents)('each script that $file names is in package.json', ({ file, text }) => {
  if (file === 'CHANGELOG.md') return;
  const named = Array.from(text.matchAll(/npm run ([\w:-]+)/g), ([, name = '']) => name);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

/** The first cells of a table's rows, under a heading or after a marker. */
const firstCells = (text: string, header: string): string[] => {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(header));
  if (start < 0) throw new Error(`there is no table that begins with ${header}`);
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end < 0 ? undefined : end).map((row) => row.split('|')[1]?.trim() ?? '');
};

const names = (cells: readonly string[]): string[] =>
  cells.flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name));

test('docs/operations.md explains every metric', () => {
  const cells = firstCells(contentOf('docs/operations.md'), '| metric |');
  expect(names(cells).toSorted()).toEqual(Object.values<string>(metricNames).toSorted());
});

test('docs/operations.md explains every alarm', () => {
  const alarms = Array.from(
    readFileSync('deploy/alarms.yml', 'utf8').matchAll(/AlarmName: \$\{self:custom\.name\}-([\w-]+)/g),
    ([, name = '']) => name,
  );
  expect(alarms.length).toBeGreaterThan(5);
  const cells = firstCells(contentOf('docs/operations.md'), '| alarm |');
  expect(names(cells).toSorted()).toEqual(alarms.toSorted());
});

test('docs/operations.md explains every parameter of the deployment', () => {
  const serverless = readFileSync('serverless.yml', 'utf8');
  const defaults = /^params:\n {2}default:\n((?: {4}.*\n)+)/m.exec(serverless)?.[1] ?? '';
  const parameters = Array.from(defaults.matchAll(/^ {4}(\w+):/gm), ([, name = '']) => name);
  expect(parameters.length).toBeGreaterThan(3);
  const cells = firstCells(contentOf('docs/operations.md'), '| parameter |');
  expect(names(cells).toSorted()).toEqual(parameters.toSorted());
});

test('docs/events.md lists every status in the order of its rank', () => {
  const cells = firstCells(contentOf('docs/events.md'), '| status |');
  expect(names(cells)).toEqual(orderStatuses.toSorted((a, b) => statusFacts[a].rank - statusFacts[b].rank));
});

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      engines: z.optional(z.union([z.object({ node: z.optional(z.string()) }), z.array(z.string())])),
      dependencies: z.optional(z.record(z.string(), z.string())),
      devDependencies: z.optional(z.record(z.string(), z.string())),
    }),
  ),
});

test('README.md names the packages that ask for a newer Node than the oldest that may install them', () => {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const own = { ...packages['']?.dependencies, ...packages['']?.devDependencies };
  const asking = Object.keys(own).filter((name) => {
    const engines = packages[`node_modules/${name}`]?.engines;
    return engines !== undefined && !Array.isArray(engines) && /^(\^|>=)2[2-9]/.test(engines.node ?? '');
  });
  const [, named = ''] = /On Node 20, (.*?) and what they import/s.exec(contentOf('README.md')) ?? [];
  expect(names([named])).toEqual(asking.toSorted());
});
