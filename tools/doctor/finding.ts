/** What a check of the doctor's has to say: one line, and what to do about it. */
export interface Finding {
  grade: 'ok' | 'note' | 'warning' | 'failure';
  what: string;
  advice?: string;
}

const marks: Record<Finding['grade'], string> = {
  ok: '✓ ok     ',
  note: '· note   ',
  warning: '! warning',
  failure: '✗ failure',
};

export const lineOf = ({ grade, what, advice }: Finding): string =>
  `${marks[grade]}  ${what}${advice === undefined ? '' : ` → ${advice}`}`;

/** The last line: how many of each grade that asks for something. */
export const summaryOf = (findings: readonly Finding[]): string => {
  const count = (wanted: Finding['grade']) => findings.filter(({ grade }) => grade === wanted).length;
  const [failures, warnings] = [count('failure'), count('warning')];
  if (failures > 0) return `Not ready: ${failures} to mend, ${warnings} to look at.`;
  return warnings > 0 ? `Ready, with ${warnings} to look at.` : 'Ready.';
};
