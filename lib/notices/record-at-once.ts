import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { StoreOptions } from './item.ts';
import { noticeKey, queueOrder, toNotice } from './item.ts';
import type { Lease } from './lease.ts';
import type { Notice } from './notice.ts';
import type { Incoming } from './record.ts';

/**
 * The common case of `record`, as one conditional update: the desired state is newer in rank and time than the only one
 * stored, says something else, and nothing is under way. All else fails the condition and is left to `record`.
 * @throws {ConditionalCheckFailedException}
 */
export const recordAtOnce = async (
  { client, tableName: TableName, now }: StoreOptions,
  { reference, visitorId, request, desired }: Incoming,
  lease: Lease | undefined,
): Promise<Notice> => {
  const at = now();
  const addressed =
    visitorId === undefined
      ? 'attribute_exists(#visitorId)'
      : '(attribute_not_exists(#visitorId) OR #visitorId = :visitorId)';
  const UpdateExpression = [
    'SET #reference = :reference, #desired = :desired, #dueAt = :now, #queue = :due, #queueOrder = :order',
    ', #revision = if_not_exists(#revision, :zero) + :one, #version = if_not_exists(#version, :zero) + :one',
    visitorId === undefined ? '' : ', #visitorId = :visitorId',
    lease === undefined ? '' : ', #lease = :lease',
    request === undefined ? '' : ', #request = :request',
    ' REMOVE #refusal, #expired, #expiresAt, #attempts',
  ].join('');
  const ConditionExpression = [
    addressed,
    // A notice keeps the request it was created by: where one is there already, it takes a closer look.
    ...(request === undefined ? [] : ['attribute_not_exists(#key)']),
    'attribute_not_exists(#erasing)',
    'attribute_not_exists(#lease) AND attribute_not_exists(#unknown) AND attribute_not_exists(#superseded)',
    '(attribute_not_exists(#reopenedAt) OR #reopenedAt <= :occurredAt)',
    `(attribute_not_exists(#desired) OR
      (#desired.#precedence < :precedence AND #desired.#occurredAt <= :occurredAt AND #desired.#content <> :content))`,
  ].join(' AND ');
  const { Attributes = {} } = await client.send(
    new UpdateItemCommand({
      TableName,
      Key: noticeKey(reference),
      UpdateExpression,
      ConditionExpression,
      ExpressionAttributeNames: namesIn(`${UpdateExpression} ${ConditionExpression}`),
      ExpressionAttributeValues: marshall(
        {
          ':reference': reference,
          ':desired': desired,
          ':precedence': desired.precedence,
          ':occurredAt': desired.occurredAt,
          ':content': desired.content,
          ':now': at,
          ':due': 'due',
          ':order': queueOrder(desired.priority, lease?.until ?? at),
          ':zero': 0,
          ':one': 1,
          ':visitorId': visitorId,
          ':lease': lease,
          ':request': request,
        },
        { removeUndefinedValues: true },
      ),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
  return toNotice(Attributes);
};

/** By expression: there are few, and to look through one takes far longer than to find it here. */
const knownNames = new Map<string, Record<string, string>>();

/** Every attribute is written as #name, for many plain words are reserved in DynamoDB's expressions. */
const namesIn = (expression: string): Record<string, string> => {
  const known =
    knownNames.get(expression) ??
    Object.fromEntries(Array.from(expression.matchAll(/#(\w+)/g), ([alias, name = '']) => [alias, name]));
  knownNames.set(expression, known);
  return known;
};
