/** What somebody says by answering: their case is solved or not, no more texts or texts again, or words of their own. */
export const meanings = ['solved', 'unsolved', 'stop', 'start', 'words'] as const;
export type Meaning = (typeof meanings)[number];

/** A reply as it was understood. `words` is what was said beside the figure, or all of it. */
export interface Understood {
  readonly meaning: Meaning;
  readonly words: string;
}

/** Characters that are not seen and change what is: controls, zero-width characters, marks of direction, soft hyphen, tags. */
// oxlint takes them for a mistake in a literal: they are made from their codes.
const unseen = new RegExp(`[${[[0x00, 0x08], [0x0b, 0x1f], [0x7f, 0x9f], [0xad, 0xad], [0x61c, 0x61c], [0x180e, 0x180e], [0x200b, 0x200f], [0x202a, 0x202e], [0x2060, 0x206f], [0xfeff, 0xfeff], [0xfff9, 0xfffb], [0xe0000, 0xe007f]]
  .map(([from, to]) => `\\u{${from!.toString(16)}}-\\u{${to!.toString(16)}}`).join('')}]`, 'gu');

/** A text of somebody outside as it may be kept and shown: no controls, nothing unseen, no lone surrogate, at most 1,000 signs. */
export const cleaned = (text: string): string => [...text.toWellFormed().replace(unseen, '').replace(/\s+/gu, ' ').trim()].slice(0, 1_000).join('');

const figures: readonly (readonly [Meaning, RegExp])[] = [
  ['stop', /^(td|t|退订|退訂|取消|stop|unsubscribe)$/iu],
  ['start', /^(kt|开通|開通|恢复|恢復|start)$/iu],
  ['unsolved', /^(2|二|贰|不满意|不滿意|没有?解决|沒有?解決|未解决|未解決|没好|沒好|还没好|還沒好|no)(?=$|[^\p{L}\p{N}]|\p{Script=Han})/iu],
  ['solved', /^(1|一|壹|已?解决了?|已?解決了?|满意|滿意|好了|修好了|yes)$/iu],
];

/** Marks that people put around a figure. */
const around = /^[\s"'“”‘’【】「」()（）[\]<>《》.。,，!！:：;；、-]+|[\s"'“”‘’【】「」()（）[\]<>《》.。,，!！~～:：;；、-]+$/gu;

/**
 * Reads a reply. Full-width letters and figures count as narrow ones. `1` and what means it must stand alone, for words after
 * it may take it back; `2` may be followed by what is wrong.
 */
export const understood = (text: string): Understood => {
  const clean = cleaned(text);
  const bare = clean.normalize('NFKC').replace(around, '');
  for (const [meaning, pattern] of figures) {
    const found = pattern.exec(bare);
    if (!found) continue;
    // A number that only begins with the figure, as in "2号楼", is words.
    if (meaning === 'unsolved' && /^2\s*[号號栋棟楼樓单單幢弄路]/u.test(bare)) continue;
    return { meaning, words: meaning === 'unsolved' ? bare.slice(found[0].length).replace(around, '') : '' };
  }
  return { meaning: 'words', words: clean };
};
