import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify, type ECDH } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Subscription } from '../../src/modules/outreach/index.ts';

/** What a push service was asked, and what the browser read. */
export interface Pushed {
  readonly path: string;
  readonly ttl: string;
  readonly urgency: string;
  /** Claims of the sender, whose signature held; null where it did not. */
  readonly sender: { readonly aud: string; readonly exp: number; readonly sub: string } | null;
  readonly senderKey: string;
  readonly note: { readonly text: string; readonly tag: string; readonly link?: string; readonly matter?: string };
}

/** A push service on this machine with the browsers behind it: it opens what it gets with the browser's own keys (RFC 8291). */
export interface PushPeer {
  readonly host: string;
  readonly got: Pushed[];
  /** A browser of a person. */
  browser(name: string): Subscription;
  answer: (path: string, response: ServerResponse) => void;
  close(): Promise<void>;
}

const claimsOf = (authorization: string): { sender: Pushed['sender']; key: string } => {
  const [, token, key] = /^vapid t=([^,]+), ?k=(.+)$/.exec(authorization) ?? [];
  if (token === undefined || key === undefined) return { sender: null, key: '' };
  const [head, body, signature] = token.split('.') as [string, string, string];
  const point = Buffer.from(key, 'base64url');
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33, 65).toString('base64url') } });
  const holds = verify('sha256', Buffer.from(`${head}.${body}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  return { sender: holds ? (JSON.parse(Buffer.from(body, 'base64url').toString()) as Pushed['sender']) : null, key };
};

const opened = (body: Buffer, own: ECDH, auth: Buffer): string => {
  const salt = body.subarray(0, 16);
  const length = body[20]!;
  const theirs = body.subarray(21, 21 + length);
  const record = body.subarray(21 + length);
  const input = Buffer.from(hkdfSync('sha256', own.computeSecret(theirs), auth, Buffer.concat([Buffer.from('WebPush: info\0'), own.getPublicKey(), theirs]), 32));
  const decipher = createDecipheriv('aes-128-gcm', Buffer.from(hkdfSync('sha256', input, salt, 'Content-Encoding: aes128gcm\0', 16)), Buffer.from(hkdfSync('sha256', input, salt, 'Content-Encoding: nonce\0', 12)));
  decipher.setAuthTag(record.subarray(-16));
  const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  const end = plain.lastIndexOf(2);
  return plain.subarray(0, end).toString('utf8');
};

export const pushPeer = async (): Promise<PushPeer> => {
  const browsers = new Map<string, { own: ECDH; auth: Buffer }>();
  const peer = { host: '', got: [] as Pushed[], answer: (_path: string, response: ServerResponse): void => void response.writeHead(201, { location: '/message/1' }).end() };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const path = request.url!;
      const { own, auth } = browsers.get(path)!;
      const { sender, key } = claimsOf(request.headers.authorization ?? '');
      peer.got.push({ path, ttl: String(request.headers['ttl']), urgency: String(request.headers['urgency']), sender, senderKey: key, note: JSON.parse(opened(Buffer.concat(parts), own, auth)) as Pushed['note'] });
      peer.answer(path, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  peer.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(peer, {
    browser(name: string): Subscription {
      const own = createECDH('prime256v1');
      own.generateKeys();
      const auth = randomBytes(16);
      browsers.set(`/${name}`, { own, auth });
      return { endpoint: `http://${peer.host}/${name}`, p256dh: own.getPublicKey().toString('base64url'), auth: auth.toString('base64url') };
    },
    close: () => new Promise<void>((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  });
};
