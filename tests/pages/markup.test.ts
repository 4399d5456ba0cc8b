import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributes, markup } from '../../src/html/markup.ts';

describe('markup', () => {
  it('escapes every text, in content and in attributes', () => {
    expect(markup`<p title="${'"><script>'}">${'<b>&'}</p>`.text).toBe('<p title="&#34;&#62;&#60;script&#62;">&#60;b&#62;&#38;</p>');
  });
  it('keeps finished markup, joins lists and leaves out what is absent', () => {
    expect(markup`<ul>${[markup`<li>${1}</li>`, null, false, markup`<li>二</li>`]}</ul>`.text).toBe('<ul><li>1</li><li>二</li></ul>');
  });
  it('leaves no sign that could open a tag or end an attribute, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const inside = markup`${text}`.text;
      expect(inside).not.toMatch(/[<>"']/);
      expect(attributes({ value: text }).text.slice(' value="'.length, -1)).toBe(inside);
    }));
  });
  it('writes attributes that are true by their name and leaves out those that are false', () => {
    expect(attributes({ checked: true, disabled: false, 'data-a': null, id: 'x' }).text).toBe(' checked id="x"');
  });
});
