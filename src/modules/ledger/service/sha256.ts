import { hash } from 'node:crypto';
import type { Sha256 } from '../rules/tree.ts';

/** SHA-256 in one call, which is what a ledger does most. As text first: asking for a buffer takes twice as long. */
export const sha256: Sha256 = (bytes) => Buffer.from(hash('sha256', bytes, 'hex'), 'hex');

/** Hexadecimal SHA-256 of the salt followed by the UTF-8 text: what an entry holds of a text. */
export const textDigest = (salt: Uint8Array, text: string): string => hash('sha256', Buffer.concat([salt, Buffer.from(text)]), 'hex');
