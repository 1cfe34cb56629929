/** In deployments in place of `@aws-sdk/client-dynamodb`; see json-client.ts. */
import * as z from 'zod/mini';
import { AwsError, clientFor, command } from './json-client.ts';

/** A condition was not met. `Item` is what stands there, if the call asked for it. */
export class ConditionalCheckFailedException extends AwsError {
  readonly Item: Record<string, unknown> | undefined;

  constructor(message: string, body: unknown) {
    super('ConditionalCheckFailedException', message, 400);
    this.Item = failed.safeParse(body).data?.Item;
  }
}

const failed = z.object({ Item: z.optional(z.record(z.string(), z.unknown())) });

export const DynamoDBClient = clientFor({
  name: 'dynamodb',
  target: 'DynamoDB_20120810',
  version: '1.0',
  errorFor: (code, message, body) =>
    code === 'ConditionalCheckFailedException'
      ? new ConditionalCheckFailedException(message, body)
      : undefined,
});

export const GetItemCommand = command('GetItem');
export const PutItemCommand = command('PutItem');
export const UpdateItemCommand = command('UpdateItem');
export const DeleteItemCommand = command('DeleteItem');
export const QueryCommand = command('Query');
export const BatchGetItemCommand = command('BatchGetItem');
export const BatchWriteItemCommand = command('BatchWriteItem');

const page = z.looseObject({ LastEvaluatedKey: z.optional(z.unknown()) });

/** The pages of what a query finds. */
export async function* paginateQuery(
  { client }: { client: InstanceType<typeof DynamoDBClient> },
  input: object,
): AsyncGenerator<z.output<typeof page>> {
  let from: unknown;
  do {
    const found = page.parse(
      await client.send(new QueryCommand(from === undefined ? input : { ...input, ExclusiveStartKey: from })),
    );
    yield found;
    from = found.LastEvaluatedKey;
  } while (from !== undefined);
}
