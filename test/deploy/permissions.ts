import { doneByLambda } from './done-by-lambda.ts';
import { grantedTo } from './granted.ts';
import { functionsOf, type Template } from './template.ts';

/**
 * What the roles of the functions allow too little, and too much.
 * @param asked what each function asked of AWS, by its name
 */
export const differences = (template: Template, asked: ReadonlyMap<string, ReadonlySet<string>>): string[] =>
  functionsOf(template).flatMap((one) => {
    const { name, role } = one;
    const granted = grantedTo(template, role);
    const needed = [...(asked.get(name) ?? []), ...doneByLambda(template, one)];
    const lacking = needed.filter((each) => !granted.includes(each));
    const superfluous = granted.filter((each) => !needed.includes(each));
    return [
      ...lacking.map((each) => `${name} may not, and has to: ${each}`),
      ...superfluous.map((each) => `${name} may, and never does: ${each}`),
    ];
  });
