import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutHidden } from '../../src/base/text/hidden.ts';
import { hiddenSign } from '../../src/platform/http/reading/guard.ts';

test('what people typed is taken as it looks: nothing unseen is left, whatever was pasted', () => {
  const sign = fc.oneof(fc.string({ unit: 'binary', maxLength: 6 }), fc.constantFrom('\u200b', '\u202e', '\u2066', '\ufeff', '\0', '\u200d', '\ud83d', '👩', '🌾', '路灯', '\n'));
  fc.assert(fc.property(fc.array(sign, { maxLength: 12 }), (parts) => {
    const seen = withoutHidden(parts.join(''));
    expect(hiddenSign(seen)).toBeUndefined();
    expect(withoutHidden(seen)).toBe(seen);
  }));
});

test.each([
  ['楼\u200b下的\u202e灯\ufeff坏了', '楼下的灯坏了'], ['第一行\r\n第二行\t完', '第一行\r\n第二行\t完'], ['👩\u200d🌾 家的灯', '👩\u200d🌾 家的灯'], ['灯\u200d坏', '灯坏'],
])('%j reads %j', (typed, seen) => expect(withoutHidden(typed)).toBe(seen));
