/** What the benches make of their numbers. */

/** The number that this share of the others lies below; NaN where there is none. */
export const quantile = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.min(Math.floor(numbers.length * share), numbers.length - 1)] ??
  Number.NaN;

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** A table in Markdown: the first column is text, the others are numbers. */
export const markdown = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(titles), row(titles.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n');
