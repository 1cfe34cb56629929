/** Reads the CloudFormation template that `serverless package` writes: all that the local run provides comes from it. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z._default(z.record(z.string(), z.unknown()), {}),
});

const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });

export type Template = z.infer<typeof templateSchema>;
export type Resource = z.infer<typeof resourceSchema>;

/** @throws Error when the file is missing or holds no CloudFormation template */
export const readTemplate = async (file: string): Promise<Template> =>
  parseTemplate(JSON.parse(await readFile(file, 'utf8')));

/** @throws ZodError when the value is no CloudFormation template */
export const parseTemplate = (value: unknown): Template => templateSchema.parse(value);
