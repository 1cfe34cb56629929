/** What `npm run doctor` can be told. */
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { parse } from '../../lib/runtime/parse.ts';

const options = z
  .object({
    // The defaults of serverless.yml.
    stage: z._default(
      z.string().check(z.regex(/^[A-Za-z0-9-]+$/, { error: 'expected a stage such as prod' })),
      'dev',
    ),
    region: z._default(
      z.string().check(z.regex(/^[a-z0-9-]+$/, { error: 'expected a region' })),
      'eu-west-1',
    ),
    local: z._default(z.boolean(), false),
    'ping-agents': z._default(z.boolean(), false),
  })
  .check(
    z.refine(({ local, stage }) => !local || ['dev', 'local'].includes(stage), {
      error: 'is another stage than the local one',
      path: ['stage'],
    }),
  );

/**
 * Reads the command line.
 * @throws {InvalidInput} naming every option at fault; {TypeError} for one that is not known
 */
export const readOptions = (args: string[]) => {
  const { values } = parseArgs({
    args,
    options: {
      stage: { type: 'string' },
      region: { type: 'string' },
      local: { type: 'boolean' },
      'ping-agents': { type: 'boolean' },
    },
  });
  const { local, stage, region, 'ping-agents': pingsAgents } = parse(options, values, 'The command line');
  const isLocal = local || stage === 'local';
  return { stage: isLocal ? 'local' : stage, region, isLocal, pingsAgents };
};
