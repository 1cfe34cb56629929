import type { Budget } from '../../../lib/budget/budget.ts';
import type { Config } from '../../../lib/config/config.ts';
import { agentKey, weekdays } from '../../../lib/presence/agents.ts';
import { agentsOnShift } from '../../../lib/presence/shifts.ts';
import type { Presence } from '../state.ts';

/** Who is to be shown as online. `now` in milliseconds since 1970. */
export function showPresence({ presence }: Config, { pings }: Budget, now: number): Presence {
  const onShift = agentsOnShift(presence.agents, now);
  return presence.agents.map((agent) => {
    const lastPing = pings[agentKey(agent)];
    return {
      name: 'agentId' in agent ? agent.agentId : agent.agentName,
      isOnShift: onShift.includes(agent),
      shifts: agent.shifts.map(
        ({ days, from, to, timeZone }) => `${spanOf(days)} ${from}–${to}, ${timeZone}`,
      ),
      ...(lastPing !== undefined && lastPing > 0 && { lastPing }),
    };
  });
}

/** `Mon–Fri`, or `Mon, Wed, Fri` where days between are left out. */
function spanOf(days: readonly string[]): string {
  const shown = weekdays.filter((day) => days.includes(day));
  const names = shown.map((day) => day.charAt(0).toUpperCase() + day.slice(1));
  const isUnbroken = weekdays.join().includes(shown.join());
  return isUnbroken && names.length > 2 ? `${names[0]}–${names.at(-1)}` : names.join(', ');
}
