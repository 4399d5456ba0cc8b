import { expect, it } from 'vitest';
import { rowKey } from '../../src/modules/catalogue/rules/rows.ts';
import { Standards, type StandardRow, type StandardsVersion } from '../../src/modules/catalogue/rules/standards.ts';

const version = (number: number, effectiveAt: number): StandardsVersion =>
  ({ county: '330281', version: number, name: '表', effectiveAt, importedAt: 0, digest: '', defaultHour: 'workingHour', rows: 1, notUnderstood: 0 });
const row = (key: string, limitText: string): StandardRow => ({
  key, kind: 'component', code: 'C0137', major: '01', majorName: '公用设施', minor: '37', minorName: '路灯', handler: '', authority: '',
  openCondition: '单盏不亮', closeCondition: '修复', limitText, limit: null, note: null, line: 2,
});

it('the version that took effect last counts, and a later import of the same day before an earlier one', () => {
  const standards = new Standards();
  standards.add(version(1, 100), [row('a', '2天')]);
  standards.add(version(2, 300), [row('a', '1天')]);
  standards.add(version(3, 100), [row('a', '3天')]);
  expect([99, 100, 299, 300, 10_000].map((at) => standards.currentVersion('330281', at))).toEqual([undefined, 3, 3, 2, 2]);
  expect(standards.currentVersion('330212', 400)).toBeUndefined();
  expect(standards.row('330281', 1, 'a')?.limitText).toBe('2天');
  expect(standards.row('330281', 2, 'b')).toBeUndefined();
});

it('a version that is there is never replaced', () => {
  const standards = new Standards();
  standards.add(version(1, 100), [row('a', '2天')]);
  standards.add(version(1, 100), [row('a', '9天')]);
  expect(standards.row('330281', 1, 'a')?.limitText).toBe('2天');
});

it("a row's key depends on code and condition, not on punctuation, width or white space", () => {
  const key = rowKey('C0137', '破损、缺失、电线裸露');
  expect(rowKey('C0137', ' 破损, 缺失，电线裸露。')).toBe(key);
  expect(rowKey('C0138', '破损、缺失、电线裸露')).not.toBe(key);
  expect(rowKey('C0137', '破损、缺失')).not.toBe(key);
  expect(key).toMatch(/^C0137-[0-9a-z]{6}$/);
});
