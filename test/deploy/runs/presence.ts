import type { AtWork } from './at-work.ts';

/** Agents are shown as online: at once, by a second try, by a probe; and not in the evening. */
export const runPresence = async ({ invoke, fault, wait }: AtWork) => {
  const ping = () => invoke('ping-presence', {});
  await ping();
  await ping();
  wait(3);
  await fault({ kind: 'status', status: 500 });
  await ping();
  wait(3);
  await fault({ kind: 'status', status: 401 });
  await ping();
  await ping();
  wait(180);
  await ping();
  wait(12 * 60);
  await ping();
};
