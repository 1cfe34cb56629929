/** The simulated Brevo with the agents and groups that bridge.config.ts names, and a memory that outlives a kill. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../../lib/config/config.ts';
import { type BrevoServer, startBrevo } from '../brevo/server.ts';

/** @param file where its state is kept */
export const startSimulatedBrevo = async (options: {
  port: number;
  apiKey: string;
  file: string;
  config: Pick<Config, 'sender' | 'presence'>;
}): Promise<BrevoServer> => {
  const { port, apiKey, file, config } = options;
  // At once, and before the answer: Brevo has what it confirmed.
  const onChange = () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(brevo.snapshot()));
    renameSync(`${file}.new`, file);
  };
  const brevo = await startBrevo({ port, apiKey, onChange, ...staffOf(config) });
  try {
    if (existsSync(file)) brevo.restore(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    await brevo.close();
    throw new Error(`${file} is not a state of the simulated Brevo: delete it and start again`, { cause });
  }
  return brevo;
};

/** Without agents or groups of its own the simulation brings its default ones. */
const staffOf = ({ sender, presence }: Pick<Config, 'sender' | 'presence'>) => {
  const agentIds = presence.agents.flatMap((agent) => ('agentId' in agent ? [agent.agentId] : []));
  const ids = [...new Set(sender.agentId === undefined ? agentIds : [sender.agentId, ...agentIds])];
  return {
    ...(ids.length > 0 && { agents: ids.map((id) => ({ id, name: id, email: `${id}@example.com` })) }),
    ...(sender.groupId !== undefined && { groups: [{ id: sender.groupId, agentIds: ids }] }),
  };
};
