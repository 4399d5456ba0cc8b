import { describe, expect, it } from 'vitest';
import { day, night, tokenCss } from '../../src/base/tokens.ts';

const luminance = (hex: string): number => {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
/** WCAG 2.2, contrast ratio. */
const contrast = (a: string, b: string): number => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};

describe('tokens', () => {
  it.each([
    ['ink on paper', day.ink, day.paper, 7], ['ink 2 on paper', day.ink2, day.paper, 7], ['ink 3 on paper', day.ink3, day.paper, 4.5],
    ['ink 3 on card', day.ink3, day.card, 4.5], ['action on paper', day.action, day.paper, 7], ['white on action', '#FFFFFF', day.action, 7],
    ['lamp text on lamp tint', day.lampText, day.lampTint, 7], ['late on its tint', day.late, day.lateTint, 4.5], ['done on its tint', day.done, day.doneTint, 4.5],
    ['in progress on its tint', day.progress, day.progressTint, 4.5], ['edge of a control on card', day.lineStrong, day.card, 3],
    ['night text', night.text, night.ground, 7], ['night dim', night.dim, night.ground, 4.5], ['night amber', night.amber, night.ground, 7],
    ['night red', night.red, night.ground, 4.5], ['night green', night.green, night.ground, 4.5], ['night cyan', night.cyan, night.ground, 4.5],
  ])('%s has its contrast', (_name, text, ground, least) => {
    expect(contrast(text, ground)).toBeGreaterThanOrEqual(least);
  });
  it('become custom properties by their names', () => {
    expect(tokenCss()).toMatch(/^:root\{--ink:#14202B;--ink-2:#33434F;.*--lamp-tint:#FFF4D6;.*--night-ground:#0B141C;.*--font:.*;\}$/);
  });
});
