import type { NoticeLine } from '../state.ts';

const meanings: Record<NoticeLine['state'], string> = {
  unaddressed: 'waits for an event that names the visitor',
  pending: 'waits for its turn',
  sending: 'Brevo is being called',
  settled: 'the chat is right',
  unknown: 'nobody knows whether it was sent',
  refused: 'Brevo refused it',
  expired: 'too late to be told',
};

export function StateChip({ state }: { state: NoticeLine['state'] }) {
  return (
    <span class={`chip is-${state}`} title={meanings[state]}>
      {state}
    </span>
  );
}
