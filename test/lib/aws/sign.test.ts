import { text } from 'node:stream/consumers';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { fc, test as law } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { createSigner } from '../../../lib/aws/sign.ts';
import { listen } from '../../../tools/aws/listen.ts';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-test-suite.html, get-vanilla's brother post-vanilla
test('a request is signed as in the test suite of AWS', () => {
  const sign = createSigner('service', 'us-east-1', {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  });
  const signed = sign({ host: 'example.amazonaws.com' }, '', new Date('2015-08-30T12:36:00Z'));
  expect(signed).toEqual({
    host: 'example.amazonaws.com',
    'x-amz-date': '20150830T123600Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  });
});

test('the key of a day is not used on another', () => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
  const sign = createSigner('ssm', 'eu-west-1', credentials);
  const days = ['2026-01-15T23:59:59Z', '2026-01-16T00:00:00Z'].map((day) => new Date(day));
  const [first, second] = days.map((day) => sign({ host: 'h' }, 'x', day));
  expect(first).not.toEqual(second);
  for (const [index, day] of days.entries())
    expect(createSigner('ssm', 'eu-west-1', credentials)({ host: 'h' }, 'x', day)).toEqual(
      [first, second][index],
    );
});

law.prop([fc.string({ unit: 'binary' }), fc.option(fc.base64String({ minLength: 4 }))], { numRuns: 20 })(
  'the AWS SDK signs the same request alike',
  async (value, sessionToken) => {
    const credentials = {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'secret',
      ...(sessionToken === null ? {} : { sessionToken }),
    };
    let sent: { headers: Record<string, string>; body: string } | undefined;
    const server = await listen(async (request, response) => {
      const headers = Object.entries(request.headers).map(([name, said]) => [name, String(said)]);
      sent = { headers: Object.fromEntries(headers), body: await text(request) };
      response.end('{}');
    }, 0);
    const client = new DynamoDBClient({ endpoint: server.url, region: 'eu-west-1', credentials });
    await client.send(new PutItemCommand({ TableName: 't', Item: { key: { S: value.toWellFormed() } } }));
    client.destroy();
    await server.close();
    const { headers = {}, body = '' } = sent ?? {};
    const [, list = ''] = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? [];
    const own = ['x-amz-date', 'x-amz-security-token'];
    const signed = list.split(';').filter((name) => !own.includes(name));
    const date = headers['x-amz-date']?.replace(
      /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/,
      '$1-$2-$3T$4:$5:$6Z',
    );
    const sign = createSigner('dynamodb', 'eu-west-1', credentials);
    const again = sign(
      Object.fromEntries(signed.map((name) => [name, headers[name] ?? ''])),
      body,
      new Date(date ?? ''),
    );
    expect(again.authorization).toBe(headers.authorization);
  },
);
