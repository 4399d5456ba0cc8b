/**
 * Signs that a reader cannot see or that turn the order of what is read: control characters other than tab and line ends,
 * zero-width signs, bidi marks, embeddings, overrides and isolates, tag characters.
 * U+200D is treated apart: it holds emoji together.
 */
export const hidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/;
const allHidden = new RegExp(hidden, 'g');
export const joiner = /\u200d/;
const emojiBefore = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]$/u;
const emojiAfter = /^\p{Extended_Pictographic}/u;

/** Whether the joiner at a position of a text holds two emoji together. */
export const joinsEmoji = (text: string, at: number): boolean => emojiBefore.test(text.slice(Math.max(0, at - 2), at)) && emojiAfter.test(text.slice(at + 1, at + 3));

/**
 * A text that people typed or pasted, as it looks: what chat apps and word processors leave in a copied sentence unseen goes,
 * and so does half a surrogate pair. Nobody can be asked to delete what they do not see.
 */
export const withoutHidden = (text: string): string => {
  const seen = text.toWellFormed().replace(allHidden, '');
  return joiner.test(seen) ? seen.replace(/\u200d/g, (sign, at: number) => (joinsEmoji(seen, at) ? sign : '')) : seen;
};
