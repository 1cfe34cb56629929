import { type AtWork, lost, tooMany } from './at-work.ts';

/** What waits is delivered minute by minute: posted, edited, deleted; and what fails is held. */
export const runMinutes = async ({
  push,
  pushLate,
  order,
  event,
  notice,
  fault,
  tick,
  wait,
  invoke,
}: AtWork) => {
  wait(180);
  await tick();
  await tick();
  await notice('order:5', 'settled');

  await push(
    order('7', 'paid'),
    event('notice.requested', { reference: 'cup', visitorId: 'bob', text: 'A cup.' }),
  );
  await pushLate(
    order('7', 'paid', { total: '7.00', currency: 'EUR' }, 1),
    event('notice.withdrawn', { reference: 'cup' }, 1),
    order('8', 'paid'),
  );
  wait(2);
  await fault(lost);
  await tick();
  await notice('cup', 'settled');
  await notice('order:8', 'unknown');

  await pushLate(order('9', 'paid'));
  // Too late to be told.
  wait(25 * 60);
  await tick();
  await notice('order:9', 'expired');

  await push(order('10', 'paid'));
  await pushLate(order('10', 'shipped'));
  await fault(tooMany);
  await tick();
  await notice('order:10', 'pending');
  // An invocation that has no time for a call.
  await invoke('deliver-pending', {}, 1_000);
};
