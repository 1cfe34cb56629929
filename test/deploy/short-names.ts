import type { Template } from '../../tools/aws/template.ts';
import { createResolver } from '../../tools/aws/template.ts';

const named = ['AWS::DynamoDB::Table', 'AWS::Events::EventBus', 'AWS::SQS::Queue'];

/**
 * From what functions call a resource, its name or URL, to its logical id, as `inShort` has it. What the template does not
 * declare stays as it is.
 */
export const shortNames = (
  template: Template,
  options: { stackName: string; queuesUrl: string },
): ((resource: string) => string) => {
  const resolver = createResolver(template, options);
  const known = Object.entries(template.Resources)
    .filter(([, { Type }]) => named.includes(Type))
    .map(([logicalId]) => ({ logicalId, name: resolver.resolve({ Ref: logicalId }) }));
  return (resource) => {
    const [name = '', ...index] = resource.split(/(?=\/index\/)/);
    const found = known.find((each) => each.name === name);
    return found === undefined ? resource : [found.logicalId, ...index].join('');
  };
};
