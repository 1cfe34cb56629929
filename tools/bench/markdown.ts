const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** A table in Markdown: the first column is text, the others are numbers. */
export const markdown = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [
    row(titles),
    row(titles.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map((cells) => row(cells)),
  ].join('\n');
