import { type AtWork, tooMany } from './at-work.ts';

/** Visitors are erased: at once, by and by, and by whom asks again. */
export const runErasures = async ({ call, fault, later, wait, push, order, event, tick }: AtWork) => {
  const erase = (status: number, visitor: string) =>
    call(['erase-visitor', status], `DELETE /visitors/${visitor}`);
  const look = (status: number, visitor: string) => call(['get-erasure', status], `GET /visitors/${visitor}`);
  const ask = (visitorId: string) =>
    event('notice.requested', { reference: `for:${visitorId}`, visitorId, text: 'Hello' });
  await later();
  await look(404, 'eve');
  await push(ask('eve'), ask('fay'), order('50', 'paid', { visitorId: 'gus' }));
  await push(order('50', 'shipped', { visitorId: undefined, shipmentId: '1' }));

  await erase(202, 'eve');
  await look(200, 'eve');
  wait(2);
  // Nothing is found any more, and the erasure itself is forgotten.
  await erase(404, 'eve');

  // What Brevo does not take yet goes on each minute.
  await fault(tooMany);
  await erase(202, 'fay');
  await erase(202, 'gus');
  await look(200, 'fay');
  await push(order('50', 'delivered', { visitorId: 'gus' }));
  wait(180);
  await tick();
  wait(2);
  await tick();
  await look(404, 'fay');
  await look(404, 'gus');
};
