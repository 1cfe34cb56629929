import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { fc, test as law } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { aliasesIn, createAliases, orderAmong } from '../../../lib/orders/aliases.ts';
import { noon } from '../../support/incoming.ts';
import { startTestStore } from '../../support/stack.ts';

const order = (orderId: string) => ({ kind: 'order', orderId });
const unknown = { kind: 'unknown' };
const ambiguous = { kind: 'ambiguous' };

test.each<[string[], object]>([
  [[''], unknown],
  [['A'], order('A')],
  [['A', 'A'], order('A')],
  [['', 'A'], order('A')],
  [['A', 'B'], ambiguous],
  [['AB'], ambiguous],
  [['AB', 'A'], order('A')],
  [['AB', 'BC'], ambiguous],
  [['AB', ''], unknown],
  [[], ambiguous],
])('aliases claimed by %j name %j', (claims, found) => {
  expect(orderAmong(claims.map((orders) => new Set(orders)))).toEqual(found);
});

law.prop([fc.array(fc.uniqueArray(fc.constantFrom('A', 'B', 'C'), { maxLength: 3 }))])(
  'an order is named only if one alias is its own, and no other order’s',
  (claims) => {
    const found = orderAmong(claims.map((orders) => new Set(orders)));
    const alone = claims.flatMap((orders) => (orders.length === 1 ? orders : []));
    const isCertain = alone.length > 0 && alone.every((orderId) => orderId === alone[0]);
    expect(found.kind === 'order').toBe(isCertain);
  },
);

test.each([
  [{ orderNumber: '#1001', trackingNumber: '1z 99' }, ['alias#number:1001', 'alias#tracking:1Z99']],
  [{ orderNumber: '1001' }, ['alias#number:1001']],
  [{ orderNumber: '#', trackingNumber: '-' }, []],
  [{}, []],
])('%j has the aliases %j', (event, keys) => {
  expect(aliasesIn(event).map(({ key }) => key)).toEqual(keys);
});

test('a number that every order has costs no more than one that two orders have', async () => {
  const { client, tableName } = await startTestStore(() => noon);
  const aliases = createAliases({ client, tableName, now: () => noon });
  const named = aliasesIn({ trackingNumber: 'none' });
  for (let id = 0; id < 5; id++) await aliases.claim(named, `${id}`);
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: { key: { S: 'alias#tracking:NONE' } } }),
  );
  expect(Item).toEqual({
    key: { S: 'alias#tracking:NONE' },
    orders: { SS: ['0', '1'] },
    expiresAt: { N: String(noon / 1000 + 60 * 24 * 3600) },
  });
});
