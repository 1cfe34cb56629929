import { matchesSecret } from '../../runtime/secrets.ts';
import { base64Bytes } from '../signature.ts';
import type { Source, Webhook } from '../source.ts';
import { ignored, jsonIn } from '../source.ts';
import { conversationEvents } from './conversations.ts';

/** Every value of the webhook that may be the secret. */
const offered = ({ headers, query }: Webhook): (string | Uint8Array)[] => {
  const { authorization = '' } = headers;
  const bearer = /^bearer +(.+)$/i.exec(authorization)?.[1];
  const encoded = /^basic +(.+)$/i.exec(authorization)?.[1];
  const basic = encoded === undefined ? undefined : base64Bytes(encoded);
  // Without a colon, this is the whole value again.
  const password = basic?.subarray(basic.indexOf(':') + 1);
  return [bearer, basic, password, headers['x-webhook-secret'], query.secret].filter(
    (each) => each !== undefined,
  );
};

/**
 * Brevo Conversations. It signs nothing. Depending on the account, it sends Basic credentials from the URL (the
 * secret is the password or `user:password`), a bearer token, a header (`x-webhook-secret`), or the secret in the
 * query.
 */
export const brevo: Source = {
  sign: ({ secret }) => ({ authorization: `Bearer ${secret}` }),

  refusal: (webhook, secrets) => {
    const secret = offered(webhook);
    if (secret.length === 0) return 'no secret in the headers or the query';
    return matchesSecret(secret, secrets) ? undefined : 'no secret matches a configured one';
  },

  read: ({ body }, now) => {
    const events = conversationEvents(jsonIn(body), now);
    return typeof events === 'string' ? ignored(events) : { kind: 'events', events };
  },

  accepted: 200,
};
