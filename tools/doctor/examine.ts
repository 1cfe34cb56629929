/** All that the doctor looks at, in the order in which it is to be mended. */

import { createBrevoClient } from '../../lib/brevo/client.ts';
import { brevoTimeoutMs } from '../../lib/composition/brevo-connection.ts';
import type { Config } from '../../lib/config/config.ts';
import type { Account } from './account.ts';
import type { Finding } from './finding.ts';
import { addressNote, checkKey } from './key.ts';
import { checkParameter } from './parameter.ts';
import { checkAgents, pingEach } from './presence.ts';
import { checkSecretValues, isPlaceholder } from './secret-values.ts';
import { checkStack } from './stack.ts';

interface Examined {
  account: Account;
  config: Pick<Config, 'requests' | 'presence'>;
  brevoBaseUrl: string;
  fetch: typeof globalThis.fetch;
  /** Shows the agents as online, which visitors see. */
  pingsAgents: boolean;
}

/** Each finding as it is made, so that whoever waits sees how far it is. */
export async function* examine(examined: Examined): AsyncGenerator<Finding> {
  const { account, config, brevoBaseUrl: baseUrl, fetch, pingsAgents } = examined;
  const { findings, secrets, isReachable } = await checkParameter(account);
  yield* findings;
  // Those of the local run open nothing, and are the same on every machine.
  if (secrets !== undefined && !account.isLocal) yield* checkSecretValues(secrets);
  if (secrets === undefined || isPlaceholder(secrets.brevoApiKey)) {
    yield* checkAgents(config);
  } else {
    const { brevoApiKey: apiKey, brevoPartnerKey: partnerKey } = secrets;
    const credentials = async () => ({ apiKey, partnerKey });
    const brevo = createBrevoClient({ baseUrl, credentials, fetch, timeoutMs: brevoTimeoutMs });
    const key = await checkKey(brevo, config);
    yield* key.findings;
    if (key.isTaken && !account.isLocal) yield addressNote;
    yield* pingsAgents && key.isTaken ? await pingEach(brevo, config) : checkAgents(config);
  }
  if (isReachable) yield* await checkStack(account);
}
