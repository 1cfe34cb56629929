import { matchesSecret } from '../../runtime/secrets.ts';
import { base64Bytes } from '../signature.ts';
import type { Source, Webhook } from '../source.ts';
import { ignored, jsonIn } from '../source.ts';
import { conversationEvents } from './conversations.ts';

/** All that the webhook offers as a secret. */
const offered = ({ headers, query }: Webhook): (string | Uint8Array)[] => {
  const { authorization = '' } = headers;
  const bearer = /^bearer +(.+)$/i.exec(authorization)?.[1];
  const basic = base64Bytes(/^basic +(.+)$/i.exec(authorization)?.[1] ?? '');
  // Where there is no colon, the whole is taken twice.
  const password = basic?.subarray(basic.indexOf(':') + 1);
  return [bearer, basic, password, headers['x-webhook-secret'], query.secret].filter(
    (each) => each !== undefined,
  );
};

/**
 * Brevo Conversations. It signs nothing: depending on the account it sends credentials in the URL (Basic; the secret is
 * the password, or `user:password`), a bearer token or a header (`x-webhook-secret`), or has the secret in the query.
 */
export const brevo: Source = {
  isGenuine: (webhook, secrets) => matchesSecret(offered(webhook), secrets),

  read: ({ body }, now) => {
    const events = conversationEvents(jsonIn(body), now);
    return typeof events === 'string' ? ignored(events) : { kind: 'events', events };
  },

  accepted: 200,
};
