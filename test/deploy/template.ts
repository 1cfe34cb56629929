/** The packaged template, as CloudFormation gets it. */
import { readFile } from 'node:fs/promises';
import { inject } from 'vitest';
import * as z from 'zod/mini';

const resource = z.object({
  Type: z.string(),
  Properties: z._default(z.any(), {}),
  DependsOn: z.optional(z.union([z.string(), z.array(z.string())])),
  DeletionPolicy: z.optional(z.string()),
  UpdateReplacePolicy: z.optional(z.string()),
});

const templateSchema = z.object({
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown(), Export: z.optional(z.unknown()) })),
});
export type Template = z.infer<typeof templateSchema>;

/** @param file path of a template in JSON */
export const readTemplate = async (file: string): Promise<Template> =>
  templateSchema.parse(JSON.parse(await readFile(file, 'utf8')));

export const packagedTemplate = async (): Promise<Template> => readTemplate(inject('templateFile'));

/** The template's resources of a type. */
export const all = ({ Resources }: Template, type: string) =>
  Object.entries(Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([logicalId, { Properties }]) => ({ logicalId, Properties }));

/** The logical ids that a value refers to by Ref or Fn::GetAtt. */
export const referencesIn = (value: unknown): string[] =>
  Array.from(
    JSON.stringify(value ?? null).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"(\w+)"/g),
    ([, id = '']) => id,
  );

const functionSchema = z.object({
  FunctionName: z.string(),
  Handler: z.string(),
  Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  Environment: z._default(z.object({ Variables: z.record(z.string(), z.unknown()) }), { Variables: {} }),
  TracingConfig: z.optional(z.object({ Mode: z.string() })),
  DeadLetterConfig: z.optional(z.object({ TargetArn: z.unknown() })),
});

/** The template's functions, each with its name in serverless.yml, its role's logical id, and what is set for it. */
export const functionsOf = (template: Template) =>
  all(template, 'AWS::Lambda::Function').map(({ logicalId, Properties }) => {
    const { FunctionName, Handler, Role, Environment, ...rest } = functionSchema.parse(Properties);
    return {
      logicalId,
      name: Handler.replace(/^functions\/|\.handler$/g, ''),
      functionName: FunctionName,
      role: Role['Fn::GetAtt'][0],
      variables: Environment.Variables,
      ...rest,
    };
  });

export type FunctionResource = ReturnType<typeof functionsOf>[number];
