/** All that the doctor examines, in the order in which to fix it. */
import { brevoTimeoutMs, createBrevoClient } from '../../lib/brevo/client.ts';
import type { Config } from '../../lib/config/config.ts';
import { sources } from '../../lib/sources/sources.ts';
import type { Account } from './account.ts';
import { addressNote, checkAgents, checkKey, pingEach } from './brevo.ts';
import type { Finding } from './finding.ts';
import { checkPartners } from './partners.ts';
import { checkParameter, checkSecretValues, isPlaceholder } from './secrets.ts';
import { checkStack } from './stack.ts';

interface Examined {
  account: Account;
  config: Pick<Config, 'requests' | 'presence' | 'sources'>;
  brevoBaseUrl: string;
  fetch: typeof globalThis.fetch;
  /** Whether to ping the agents: visitors see them as online then. */
  pingsAgents: boolean;
}

/** Yields each finding at once, so that whoever waits sees how far it is. */
export async function* examine(examined: Examined): AsyncGenerator<Finding> {
  const { account, config, brevoBaseUrl: baseUrl, fetch, pingsAgents } = examined;
  const { findings, secrets, isReachable } = await checkParameter(account);
  yield* findings;
  // Those of the local run open nothing, and are the same on every machine.
  if (secrets !== undefined && !account.isLocal)
    yield* checkSecretValues(secrets, { ...sources, ...config.sources });
  if (secrets === undefined || isPlaceholder(secrets.brevoApiKey)) {
    yield* checkAgents(config);
  } else {
    const { brevoApiKey: apiKey, brevoPartnerKey: partnerKey } = secrets;
    const credentials = async () => ({ apiKey, partnerKey });
    const brevo = createBrevoClient({ baseUrl, credentials, fetch, timeoutMs: brevoTimeoutMs });
    const key = await checkKey(brevo, config);
    yield* key.findings;
    if (key.isAccepted && !account.isLocal) yield addressNote;
    yield* pingsAgents && key.isAccepted ? await pingEach(brevo, config) : checkAgents(config);
  }
  if (!isReachable) return;
  yield* await checkStack(account);
  yield* await checkPartners(account);
}
