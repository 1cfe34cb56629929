import { bodyRefusal, hmacOf, refusals, signedTime, untimely } from '../signature.ts';
import type { Source } from '../source.ts';

/** A part of the proof. The manifest in docs/webhooks.md has it too. */
const appName = 'ConversationsBridge';

/** Marks the request in which the shop confirms. Its body holds credentials of the shop's Admin API. */
export const confirmation = 'confirmation';

/**
 * A secret that a shop signs its webhooks with, 64 characters long. Nothing has to be stored, as both are derived from the
 * app's secret. There are two, because a shop that registers again refuses the secret that it has.
 */
export const shopSecret = (appSecret: string, which: 'first' | 'second'): string =>
  hmacOf(appSecret, [`conversations-bridge: the ${which} secret of the shop`]).toString('hex');

/** All secrets that shops may sign with. An empty secret of an app has none. */
export const shopSecretsOf = (appSecrets: readonly string[]): string[] =>
  appSecrets.flatMap((secret) =>
    secret === '' ? [] : [shopSecret(secret, 'first'), shopSecret(secret, 'second')],
  );

/**
 * Registers a shop: https://developer.shopware.com/docs/guides/plugins/apps/lifecycle/app-registration-setup.html
 * The shop signs the query with the app's secret and, if it registers again, also with the secret that it has.
 */
export const register: NonNullable<Source['register']> = ({ headers, query, address }, appSecrets, clock) => {
  const [byApp, byShop] = [headers['shopware-app-signature'], headers['shopware-shop-signature']];
  const refusal = (signature: string | undefined, secrets: readonly string[]) =>
    bodyRefusal(Buffer.from(query), signature, secrets, 'hex');
  const appSecret = appSecrets.find((secret) => refusal(byApp, [secret]) === undefined);
  if (appSecret === undefined) return refusal(byApp, appSecrets) ?? refusals.noMatch;
  const held = shopSecretsOf(appSecrets).find((secret) => refusal(byShop, [secret]) === undefined);
  if (held === undefined && byShop !== undefined) return 'the shop has a secret that is not from here';

  const given = new URLSearchParams(query);
  const [shopId, shopUrl] = [given.get('shop-id'), given.get('shop-url')];
  const at = signedTime(given.get('timestamp') ?? '');
  if (shopId === null || shopUrl === null || at === undefined)
    return 'the query contains no shop-id, shop-url or timestamp';
  const late = untimely(at, clock);
  if (late !== undefined) return late;

  const [first, second] = [shopSecret(appSecret, 'first'), shopSecret(appSecret, 'second')];
  return {
    proof: hmacOf(appSecret, [shopId, shopUrl, appName]).toString('hex'),
    secret: held === first ? second : first,
    confirmation_url: `${address}?${confirmation}=true`,
  };
};
