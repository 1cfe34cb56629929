import { generateKeyPairSync, sign } from 'node:crypto';

const der = (tag: number, ...contents: Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents);
  const { length } = content;
  const header = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(header), content]);
};

const sequence = (...contents: Uint8Array[]) => der(0x30, ...contents);
const ed25519 = sequence(Buffer.from('06032b6570', 'hex'));
const time = (text: string) => der(0x17, Buffer.from(text));

/** A key and a self-signed certificate (X.509 version 1, RFC 5280; Ed25519, RFC 8410). */
export const selfSigned = (): { key: string; cert: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const name = sequence(
    der(0x31, sequence(Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('test')))),
  );
  const validity = sequence(time('200101000000Z'), time('490101000000Z'));
  const serial = der(0x02, Buffer.from([1]));
  const publicPart = publicKey.export({ type: 'spki', format: 'der' });
  const toSign = sequence(serial, ed25519, name, validity, name, publicPart);
  const signature = der(0x03, Buffer.from([0]), sign(null, toSign, privateKey));
  const certificate = sequence(toSign, ed25519, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
  };
};
