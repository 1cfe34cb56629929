import * as z from 'zod/mini';

/** AWS::Lambda::Function as far as the local run needs it: serverless-offline takes the rest from serverless.yml. */
export const functionSchema = z.object({
  Environment: z._default(z.object({ Variables: z.record(z.string(), z.coerce.string()) }), {
    Variables: {},
  }),
  Timeout: z._default(z.number(), 6),
});

export interface FunctionResource {
  name: string;
  arn: string;
  timeoutSeconds: number;
  environment: Record<string, string>;
}
