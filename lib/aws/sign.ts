import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

const hmac = (key: string | Buffer | KeyObject, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

/**
 * Signs requests to a service by Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html): POST to `/`, without a
 * query, as AWS JSON has them all.
 * @returns a function from a request's headers, their names in lower case, and its body to the headers to be sent
 */
export const createSigner = (service: string, region: string, credentials: Credentials) => {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  let known: { day: string; key: KeyObject } | undefined;
  // To make one takes far longer than to sign with it, and it is good for a day.
  const keyOf = (day: string): KeyObject => {
    if (known?.day !== day) {
      const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
        hmac,
        `AWS4${secretAccessKey}`,
      );
      known = { day, key: createSecretKey(Buffer.from(key)) };
    }
    return known.key;
  };

  return (headers: Record<string, string>, body: string, now: Date): Record<string, string> => {
    const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const day = time.slice(0, 8);
    const sent: Record<string, string> = {
      ...headers,
      'x-amz-date': time,
      ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
    };
    const names = Object.keys(sent).toSorted();
    const signed = names.join(';');
    const listed = names.map((name) => `${name}:${sent[name]}\n`).join('');
    const request = ['POST', '/', '', listed, signed, hash('sha256', body)].join('\n');
    const scope = `${day}/${region}/${service}/aws4_request`;
    const signature = hmac(keyOf(day), ['AWS4-HMAC-SHA256', time, scope, hash('sha256', request)].join('\n'));
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature.toString('hex')}`;
    return { ...sent, authorization };
  };
};
