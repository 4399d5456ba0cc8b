import { createCipheriv, createECDH, createPrivateKey, hkdfSync, sign } from 'node:crypto';

/** A browser that asked to be told, as the Push API gives it: where to post, and its keys, base64url. */
export interface Subscription {
  readonly endpoint: string;
  /** Its public key, P-256, 65 octets uncompressed. */
  readonly p256dh: string;
  /** Its secret, 16 octets. */
  readonly auth: string;
  /** The county with whose key the browser was asked, where it is not the one that sends: a browser holds one key only. */
  readonly keyOf?: string;
}

const octets = (text: string): Buffer => Buffer.from(text, 'base64url');
/** Octets of one record; all that is sent fits into one. */
const recordSize = 4096;
/** What a push service has to take (RFC 8030, 7.2), less header, mark of the end and tag: octets of text. */
export const pushTextAtMost = recordSize - 86 - 17;

/** Whether these can be keys of a browser and an address of a push service; plain http is for services inside the network, which whoever sends knows. */
export const isSubscription = ({ endpoint, p256dh, auth }: Subscription): boolean => {
  const key = octets(p256dh);
  return URL.canParse(endpoint) && endpoint.length <= 1_000 && ['https:', 'http:'].includes(new URL(endpoint).protocol) && key.length === 65 && key[0] === 4 && octets(auth).length === 16;
};

/**
 * A message that only one browser can read: RFC 8291 over RFC 8188, `aes128gcm`, in one record.
 * @param chance 16 octets of salt, and 32 of a private key that is used for this one message
 * @throws RangeError where the text is longer than `pushTextAtMost` octets, and whatever node:crypto says of keys that are none
 */
export const sealedFor = (text: string, { p256dh, auth }: Pick<Subscription, 'p256dh' | 'auth'>, chance: { readonly salt: Buffer; readonly secret: Buffer }): Buffer => {
  const plain = Buffer.from(text, 'utf8');
  if (plain.length > pushTextAtMost) throw new RangeError('a push message fits into one record');
  const own = createECDH('prime256v1');
  own.setPrivateKey(chance.secret);
  const theirs = octets(p256dh);
  const shared = own.computeSecret(theirs);
  const input = Buffer.from(hkdfSync('sha256', shared, octets(auth), Buffer.concat([Buffer.from('WebPush: info\0'), theirs, own.getPublicKey()]), 32));
  const key = Buffer.from(hkdfSync('sha256', input, chance.salt, 'Content-Encoding: aes128gcm\0', 16));
  const nonce = Buffer.from(hkdfSync('sha256', input, chance.salt, 'Content-Encoding: nonce\0', 12));
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(recordSize);
  const mine = own.getPublicKey();
  // 0x02 ends the last record.
  return Buffer.concat([chance.salt, size, Buffer.from([mine.length]), mine, cipher.update(plain), cipher.update(Buffer.from([2])), cipher.final(), cipher.getAuthTag()]);
};

/** A county's key pair, base64url: the public key uncompressed, 65 octets; the private one 32 octets. */
export interface PushKey {
  readonly publicKey: string;
  readonly privateKey: string;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Who sends, as push services ask for it (RFC 8292): the value of `Authorization`.
 * @param contact `mailto:` or `https:` address of whoever runs this installation
 * @param now milliseconds since 1970; it holds for twelve hours, of the 24 that are allowed
 */
export const senderMark = (endpoint: string, contact: string, { publicKey, privateKey }: PushKey, now: number): string => {
  const point = octets(publicKey);
  const key = createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url'), d: privateKey } });
  const claims = `${part({ typ: 'JWT', alg: 'ES256' })}.${part({ aud: new URL(endpoint).origin, exp: Math.floor(now / 1000) + 12 * 3600, sub: contact })}`;
  return `vapid t=${claims}.${sign('sha256', Buffer.from(claims), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}, k=${publicKey}`;
};
