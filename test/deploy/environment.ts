/** What the functions are given in their environment, and what they read of it. */
import { functionsOf, type Template } from './template.ts';

/** Names that are read and that no template has to set. */
const others = [
  // Lambda sets them, or the AWS SDK offers them to whoever wants it to behave otherwise; of Windows, too.
  /^AWS_/,
  /^(HOME|USERPROFILE|HOMEPATH|HOMEDRIVE)$/,
  // The trace of the invocation, from Lambda.
  /^_X_AMZN_TRACE_ID$/,
  // How Powertools is to log and to measure: the stack is content with how it does so by itself.
  /^POWERTOOLS_|^(LOG_LEVEL|ENVIRONMENT|TZ)$/,
  // Node's own, its fetch included.
  /^NODE_|^(FORCE_COLOR|NO_COLOR|WATCH_REPORT_DEPENDENCIES|UNDICI_NO_WASM_SIMD|JEST_WORKER_ID)$/,
];

/** Those of the names that a template has to set. */
export const ownNames = (read: readonly string[]): string[] =>
  read.filter((name) => !others.some((other) => other.test(name)));

const setFor = (template: Template) =>
  functionsOf(template).map(({ name, variables }) => ({ name, set: Object.keys(variables) }));

/**
 * What is read and not set, or set and not read. What the provider sets for all functions alike may be of no use to some.
 * @param read the names that each function read, by its name
 */
export const strayNames = (template: Template, read: ReadonlyMap<string, readonly string[]>): string[] => {
  const functions = setFor(template);
  const isForAll = (name: string) =>
    functions.every(({ set }) => set.includes(name)) &&
    [...read.values()].some((names) => names.includes(name));
  return functions.flatMap(({ name, set }) => {
    const names = read.get(name) ?? [];
    const missing = ownNames(names).filter((each) => !set.includes(each));
    const useless = set.filter((each) => !names.includes(each) && !isForAll(each));
    return [
      ...missing.map((each) => `${name} reads ${each}, which is not set`),
      ...useless.map((each) => `${name} does not read ${each}, which is set`),
    ];
  });
};
