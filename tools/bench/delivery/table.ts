import type { Result } from './result.ts';

const columns: readonly [title: string, cell: (result: Result) => string][] = [
  ['final states right', ({ finalRight }) => `${(finalRight * 100).toFixed(1)} %`],
  ['never told', ({ lost }) => String(lost)],
  ['duplicates', ({ duplicates }) => String(duplicates)],
  ['regressions', ({ regressions }) => String(regressions)],
  ['answers 429', ({ rateLimited }) => String(rateLimited)],
  ['requests a right state', ({ requestsPerRightState }) => requestsPerRightState.toFixed(2)],
  ['median time to chat', ({ medianSeconds }) => `${(medianSeconds / 60).toFixed(1)} min`],
  ['agents offline', ({ pingGapsOver180s }) => `${pingGapsOver180s} times`],
];

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The results side by side, in Markdown. */
export const tableOf = (results: readonly { name: string; result: Result }[]): string =>
  [
    row(['', ...columns.map(([title]) => title)]),
    row(['---', ...columns.map(() => '---:')]),
    ...results.map(({ name, result }) => row([name, ...columns.map(([, cell]) => cell(result))])),
  ].join('\n');
