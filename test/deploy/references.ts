/** Which resources a template’s resources refer to. */
import type { Template } from './template.ts';

const pseudoParameters = [
  'AccountId',
  'NoValue',
  'Partition',
  'Region',
  'StackId',
  'StackName',
  'URLSuffix',
].map((name) => `AWS::${name}`);

const namesIn = (text: string): string[] =>
  Array.from(text.matchAll(/\$\{([^!}][^}]*)\}/g), ([, name = '']) => name.split('.')[0] ?? '');

const intrinsic = (name: string, argument: unknown): string[] => {
  switch (name) {
    case 'Ref':
      return [String(argument)];
    case 'Fn::GetAtt':
      return [String(argument).split(/[.,]/)[0] ?? ''];
    case 'Fn::Sub': {
      const [text, values = {}] = [argument].flat();
      const own = Object.keys(Object(values));
      return [...namesIn(String(text)).filter((each) => !own.includes(each)), ...referencesIn(values)];
    }
    default:
      return referencesIn(argument);
  }
};

/** The names in every Ref, Fn::GetAtt and Fn::Sub of a value, however deep they lie. */
export const referencesIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, argument]) => intrinsic(name, argument));
};

const referencesOf = ({ Properties, DependsOn = [] }: Template['Resources'][string]): string[] =>
  [...referencesIn(Properties), ...[DependsOn].flat()].filter((name) => !pseudoParameters.includes(name));

/** References to what is not there, as `where: what`. */
export const dangling = ({ Resources, Outputs }: Template): string[] =>
  [
    ...Object.entries(Resources).map(([where, resource]) => ({ where, names: referencesOf(resource) })),
    ...Object.entries(Outputs).map(([where, output]) => ({ where, names: referencesIn(output) })),
  ].flatMap(({ where, names }) =>
    names
      .filter((name) => !Object.hasOwn(Resources, name) && !pseudoParameters.includes(name))
      .map((name) => `${where}: ${name}`),
  );

/** Resources that wait for each other, as the first such circle that is found; CloudFormation refuses them. */
export const circle = ({ Resources }: Template): string[] | undefined => {
  const done = new Set<string>();
  const walk = (name: string, way: string[]): string[] | undefined => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    const resource = Resources[name];
    if (resource === undefined || done.has(name)) return undefined;
    for (const next of new Set(referencesOf(resource))) {
      const found = walk(next, [...way, name]);
      if (found !== undefined) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(Resources)) {
    const found = walk(name, []);
    if (found !== undefined) return found;
  }
  return undefined;
};
