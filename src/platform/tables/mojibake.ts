import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

// What a cell must not hold: signs that cannot be seen and change what stands around them.
const hidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/u;

/** Windows-1252 signs above Latin-1, which appear where UTF-8 was read as that. */
const western = /[\u00a0-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2026\u2030\u2039\u203a\u20ac\u2122\u0080-\u009f]{3,}/gu;

/**
 * By code unit: 1 where a character asks for a closer look. These are the hidden signs, the replacement character,
 * Latin-1, and the 1,140 rare characters whose GB18030 bytes begin like those of a CJK character in UTF-8.
 * Everyday Chinese has almost none of them, so that a look costs one array access a character.
 */
const suspicious = new Uint8Array(65_536);
for (let unit = 0; unit < 65_536; unit++) if (hidden.test(String.fromCharCode(unit))) suspicious[unit] = 1;
for (let unit = 0x80; unit < 0x180; unit++) suspicious[unit] = 1;
for (const unit of [0xfffd, ...Array.from('锟烫屯', (char) => char.charCodeAt(0))]) suspicious[unit] = 1;
for (let lead = 0xe4; lead <= 0xe9; lead++)
  for (let trail = 0x80; trail <= 0xbf; trail++)
    for (const char of iconv.decode(Buffer.from([lead, trail]), 'gb18030')) suspicious[char.charCodeAt(0)] = 1;

const cjk = /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/gu;

/** At least two Chinese characters come out when the bytes are read as UTF-8, the last one perhaps cut off. */
const hidesUtf8 = (bytes: Buffer): boolean => {
  for (let cut = 0; cut <= 2 && cut < bytes.length; cut++) {
    const part = bytes.subarray(0, bytes.length - cut);
    if (isUtf8(part)) return (part.toString('utf8').match(cjk)?.length ?? 0) >= 2;
  }
  return false;
};

const isMojibake = (text: string): boolean => {
  if (/\ufffd|锟斤拷|烫烫烫|屯屯屯/u.test(text)) return true;
  // UTF-8 read as GB18030: 光明路 looks like 鍏夋槑璺.
  for (const [run] of text.matchAll(/[^\u0000-\u007f]{2,}/gu)) if (hidesUtf8(iconv.encode(run, 'gb18030'))) return true;
  for (const [run] of text.matchAll(western)) {
    const bytes = iconv.encode(run, /[^\u0000-\u00ff]/u.test(run) ? 'win1252' : 'latin1');
    if (hidesUtf8(bytes)) return true;
    // GB2312 read as Latin-1: 路灯 looks like Â·µÆ. Two pairs of such bytes side by side are in no western word.
    if (bytes.length >= 4 && bytes.length % 2 === 0 && bytes.every((byte, i) => (i % 2 === 0 ? byte >= 0xb0 && byte <= 0xf7 : byte >= 0xa1))) return true;
  }
  return false;
};

/**
 * What is wrong with the characters of a cell: `tables.mojibake` where a text was read in the wrong encoding on its
 * way here, `tables.hidden` where it holds signs that cannot be seen; undefined where it is a text.
 */
export const faultOfText = (text: string): 'tables.mojibake' | 'tables.hidden' | undefined => {
  let look = false;
  for (let i = 0; i < text.length; i++) if (suspicious[text.charCodeAt(i)] === 1) { look = true; break; }
  if (!look) return undefined;
  if (isMojibake(text)) return 'tables.mojibake';
  return hidden.test(text) ? 'tables.hidden' : undefined;
};
