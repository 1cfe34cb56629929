import { expect, test } from 'vitest';
import { packagedTemplate } from './template.ts';

test('the table has its indexes, is paid by the item, recoverable, and its old items are swept away', async () => {
  const { Table } = (await packagedTemplate()).Resources;
  expect(Table?.Properties).toMatchObject({
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [{ IndexName: 'queue' }, { IndexName: 'visitor' }],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  // A table that has a name cannot be replaced by an update.
  expect(Table?.Properties).not.toHaveProperty('TableName');
  expect(Table?.UpdateReplacePolicy).toBe('Retain');
});
