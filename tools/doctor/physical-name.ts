/**
 * The logical id of a resource of the stack by its name, which CloudFormation makes as
 * `<stack>-<logical id>-<random>`; in the local run the last part is missing. Undefined for what belongs to others.
 */
export const logicalIdOf = (name: string, stackName: string): string | undefined => {
  if (!name.startsWith(`${stackName}-`)) return undefined;
  return /^([A-Za-z]+)(-[A-Za-z0-9]+)?$/.exec(name.slice(stackName.length + 1))?.[1];
};
