import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mod11_10, mod11_2, mod37_36, mod97_10, swapSafe } from '../../src/base/check-digits.ts';

const systems = { mod11_2, mod97_10, mod11_10, mod37_36 };
const digits = '0123456789';
const letters = `${digits}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const payload = (name: string) => fc.string({ unit: fc.constantFrom(...(name === 'mod37_36' ? letters : digits)), minLength: 1, maxLength: 18 });

describe('check digits of ISO 7064', () => {
  it('give the values that the standard and known numbers have', () => {
    expect(mod11_10.of('0794')).toBe('5');
    expect(mod11_2.of('0794')).toBe('0');
    expect(mod97_10.of('0794')).toBe('44');
    expect(mod11_2.of('11010519491231002')).toBe('X');
    expect(mod11_2.of('000000021825009')).toBe('7');
    expect(mod37_36.of('A12425GABC1234002')).toBe('M');
  });

  for (const [name, system] of Object.entries(systems)) {
    it(`${name} accepts what it made`, () => {
      fc.assert(fc.property(payload(name), (text) => system.valid(text + system.of(text))));
    });

    it(`${name} refuses every single wrong character`, () => {
      fc.assert(fc.property(payload(name), (text) => {
        const whole = text + system.of(text);
        for (let i = 0; i < whole.length; i++)
          for (const other of letters) if (other !== whole[i] && system.valid(whole.slice(0, i) + other + whole.slice(i + 1))) return false;
        return true;
      }));
    });

    it(`${name} refuses what is too short or has a foreign character, without throwing`, () => {
      for (const text of ['', '1', '路灯', '12 34', '１２３４', 'a1', '\u0000\u0000\u0000']) expect(system.valid(text), text).toBe(false);
    });
  }

  it('mod11_2 and mod97_10 refuse every swap of two neighbours', () => {
    for (const name of ['mod11_2', 'mod97_10'] as const)
      fc.assert(fc.property(payload(name), (text) => swapSafe(systems[name], text + systems[name].of(text))));
  });

  it('the hybrid systems miss few swaps, and swapSafe knows which', () => {
    for (const [name, floor] of [['mod11_10', 0.97], ['mod37_36', 0.998]] as const) {
      const system = systems[name];
      const chars = name === 'mod37_36' ? letters : digits;
      let swaps = 0;
      let caught = 0;
      for (const first of chars) for (const a of chars) for (const b of chars) {
        if (a === b) continue;
        const text = first + a + b + system.of(first + a + b);
        const swapped = first + b + a + text.slice(3);
        swaps++;
        if (!system.valid(swapped)) caught++;
        else expect(swapSafe(system, text)).toBe(false);
      }
      expect(caught / swaps).toBeGreaterThan(floor);
      expect(caught).toBeLessThan(swaps);
    }
  });
});
