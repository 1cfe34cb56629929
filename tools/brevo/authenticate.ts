import { Refusal, type Request } from './answer.ts';

export interface Keys {
  readonly apiKey: string;
  readonly partnerKey?: string;
}

/**
 * Lets a request with the right `api-key` through. A `partner-key` is optional, but must be right when one is sent and
 * configured.
 *
 * @throws Refusal 401 in one of its three faces: no key, a wrong key, or a right one from an address the account does
 * not allow (`ipRestricted`).
 */
export function authenticate(headers: Request['headers'], keys: Keys, ipRestricted: boolean): void {
  const apiKey = headers['api-key'];
  const partnerKey = headers['partner-key'];
  if (!apiKey) throw new Refusal(401, 'unauthorized', 'authentication not found in headers');
  const wrongPartner =
    partnerKey !== undefined && keys.partnerKey !== undefined && partnerKey !== keys.partnerKey;
  if (apiKey !== keys.apiKey || wrongPartner) throw new Refusal(401, 'unauthorized', 'Key not found');
  if (ipRestricted) {
    throw new Refusal(
      401,
      'unauthorized',
      'We have detected you are using an unrecognised IP address 203.0.113.7. If you performed this action make sure ' +
        'to add the new IP address in this link: https://app.brevo.com/security/authorised_ips',
    );
  }
}
