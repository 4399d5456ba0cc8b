import { generateKeyPairSync, sign } from 'node:crypto';

/** One value in DER (X.690): tag, length, content. */
const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : content.length < 256 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const oid = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes));
const utcTime = (at: Date): Buffer => der(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));

const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const commonName = oid(0x55, 0x04, 0x03);
const basicConstraints = oid(0x55, 0x1d, 0x13);
const subjectAltName = oid(0x55, 0x1d, 0x11);
const yes = der(0x01, Buffer.from([0xff]));

/** A certificate (X.509, RFC 5280) that signs itself, for one name of the DNS and the days between, with its key; both PEM. */
export const selfSigned = (name: string, from: Date, until: Date): { readonly cert: string; readonly key: string } => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const named = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))));
  const extension = (id: Buffer, value: Buffer, ...critical: readonly Buffer[]): Buffer => sequence(id, ...critical, der(0x04, value));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, Buffer.from([1])), ecdsaWithSha256, named, sequence(utcTime(from), utcTime(until)), named, publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension(basicConstraints, sequence(yes), yes), extension(subjectAltName, sequence(der(0x82, Buffer.from(name)))))),
  );
  const signed = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), sign('sha256', body, privateKey)));
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${signed.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
};
