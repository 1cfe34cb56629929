import * as z from 'zod/mini';
import type { Template } from './template.ts';

const oneOrMore = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.pipe(
    z.union([schema, z.array(schema)]),
    z.transform((value) => [value].flat()),
  );

/** Anything else that a policy could say, such as NotAction or another effect, is refused. */
const policySchema = z.object({
  PolicyDocument: z.strictObject({
    Version: z.literal('2012-10-17'),
    Statement: z.array(
      z.strictObject({
        Sid: z.optional(z.string()),
        Effect: z.literal('Allow'),
        Action: oneOrMore(z.string()),
        Resource: oneOrMore(z.unknown()),
      }),
    ),
  }),
});

const roleSchema = z.object({
  Policies: z.array(policySchema),
  ManagedPolicyArns: z._default(z.array(z.unknown()).check(z.maxLength(0)), []),
});

const intrinsic = z.union([
  z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  z.strictObject({ 'Fn::Sub': z.string() }),
  z.string(),
]);

const ofThisAccount = `arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:`;

/** A resource by its logical id, or by what follows on it: `Table`, `Table/index/queue`, `parameter/name`. */
export const inShort = (resource: unknown): string => {
  const given = intrinsic.parse(resource);
  if (typeof given === 'string') return given;
  if ('Fn::GetAtt' in given) return given['Fn::GetAtt'][0];
  return given['Fn::Sub'].replace(ofThisAccount, '').replace(/^\$\{(\w+)\.Arn\}/, '$1');
};

/** A permission as `dynamodb:Query on Table/index/queue`. */
export const permission = (action: string, resource: string): string => `${action} on ${resource}`;

/**
 * The permissions of a role.
 * @throws ZodError where it is more than a list of what is allowed
 */
export const grantedTo = ({ Resources }: Template, role: string): string[] =>
  roleSchema
    .parse(Resources[role]?.Properties)
    .Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      Resource.flatMap((each) => Action.map((action) => permission(action, inShort(each)))),
    );
