/** `npm run doctor -- --stage prod --region eu-west-1`: whether everything is ready for the first message. */
import { InvalidInput } from '../../lib/runtime/parse.ts';
import { choosePorts } from '../local/ports.ts';
import { connectAccount, endpointsOn, readOptions } from './account.ts';
import { examine } from './examine.ts';
import { type Finding, lineOf, summaryOf } from './finding.ts';

const usage =
  'npm run doctor -- [--stage prod] [--region eu-west-1] [--ping-agents]\nnpm run doctor -- --local';

/** @returns the exit code: 1 when something has to be fixed first */
const diagnose = async (args: string[]): Promise<number> => {
  const options = readOptions(args);
  const ports = choosePorts(process.env);
  const { default: config } = await import('../../bridge.config.ts');
  const endpoints = options.isLocal ? endpointsOn(ports) : undefined;
  const usual = options.isLocal ? `http://127.0.0.1:${ports.brevo}/v3` : 'https://api.brevo.com/v3';
  const examined = {
    account: connectAccount({ ...options, endpoints }),
    config,
    brevoBaseUrl: process.env.BREVO_BASE_URL ?? usual,
    fetch,
    pingsAgents: options.pingsAgents,
  };
  console.log(lineOf({ grade: 'ok', what: 'bridge.config.ts is valid' }));
  const findings: Finding[] = [];
  for await (const finding of examine(examined)) {
    findings.push(finding);
    console.log(lineOf(finding));
  }
  console.log(`\n${summaryOf(findings)}`);
  return findings.some(({ grade }) => grade === 'failure') ? 1 : 0;
};

try {
  process.exitCode = await diagnose(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof InvalidInput || error instanceof TypeError) console.error(`\n${usage}`);
  process.exitCode = 1;
}
