import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mod37_36 } from '../../src/base/check-digits.ts';
import { SeededRandom } from '../../src/base/random.ts';
import { partsOfCode, readClasses, type ClassesFile } from '../../src/modules/components/rules/classes.ts';
import { mentionsIn } from '../../src/modules/components/rules/mentions.ts';
import { nearness } from '../../src/modules/components/rules/nearness.ts';
import { newPlate, readPlate, showPlate } from '../../src/modules/components/rules/plate-codes.ts';
import { writtenDay } from '../../src/base/time/calendar.ts';

const classes = readClasses(JSON.parse(readFileSync('data/components/classes.json', 'utf8')) as ClassesFile);

describe('classes of components', () => {
  it('are those of the component rows of the shipped code table, by name', () => {
    const rows = readFileSync('data/standards/yuncheng.tsv', 'utf8').trimEnd().split('\n').slice(1).map((line) => line.split('\t')).filter((cells) => cells[0] === 'component');
    const named = new Map(rows.map((cells) => [`${cells[1]}${cells[3]}`, cells[4]!.replaceAll(' ', '')]));
    expect(new Map(classes.all.map((one) => [one.code, one.name['zh-Hans']]))).toEqual(named);
    for (const one of classes.all) for (const text of [...Object.values(one.name), ...Object.values(one.majorName), ...one.said]) expect(text).not.toBe('');
  });
  it('are read from a code in both layouts', () => {
    expect(partsOfCode('3302810137000012', '6+2+2+6')).toEqual({ county: '330281', class: '0137', number: '000012' });
    expect(partsOfCode('3302810103700012', '6+2+3+5')).toEqual({ county: '330281', class: '0137', number: '00012' });
    expect(partsOfCode('3302810113700012', '6+2+3+5')).toEqual({ county: '330281', class: '01137', number: '00012' });
    for (const code of ['', '330281013700001', '33028101370000123', '330281013700001X']) expect(partsOfCode(code, '6+2+2+6')).toBeUndefined();
  });
});

describe('a plate', () => {
  const random = new SeededRandom(7);
  const plates = Array.from({ length: 2_000 }, () => newPlate((length) => random.bytes(length)));

  it('is new each time and has no sign that is taken for another', () => {
    expect(new Set(plates).size).toBe(plates.length);
    for (const plate of plates) expect(plate).toMatch(/^[34679CDFGHJKMNPQRTVWXY]{8}$/u);
  });
  it('is refused with any one character wrong and with any two neighbours swapped', () => {
    for (const plate of plates.slice(0, 40)) {
      for (let i = 0; i < plate.length; i++) {
        for (const other of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')
          if (other !== plate[i]) expect(readPlate(plate.slice(0, i) + other + plate.slice(i + 1))).toBeNull();
        if (i > 0 && plate[i] !== plate[i - 1]) expect(readPlate(plate.slice(0, i - 1) + plate[i] + plate[i - 1] + plate.slice(i + 1)), plate).toBeNull();
      }
    }
  });
  it('is read however it was scanned, typed or said', () => {
    const plate = plates[0]!;
    for (const text of [plate, plate.toLowerCase(), showPlate(plate), ` ${showPlate(plate)} `, `https://town.example/q/${plate}`, `https://town.example/q/${plate}?lang=en`,
      plate.replace(/./gu, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)), [...plate].join(' ')]) expect(readPlate(text), text).toBe(plate);
    for (const text of ['', '灯', plate.slice(1), `${plate}A`, '../../etc/passwd', 'https://town.example/q/']) expect(readPlate(text), text).toBeNull();
    expect(mod37_36.valid(plate)).toBe(true);
  });
});

describe('the likelihood of a component', () => {
  it('lies between 0 and 1, sums to less than 1, and falls with the distance within a class', () => {
    fc.assert(fc.property(
      fc.array(fc.record({ metres: fc.double({ min: 0, max: 200, noNaN: true }), accuracy: fc.constantFrom('A' as const, 'B' as const, 'C' as const) }), { maxLength: 12 }),
      fc.double({ min: 0, max: 100, noNaN: true }),
      (found, device) => {
        const rated = nearness(found, device);
        expect(rated.reduce((sum, one) => sum + one.likelihood, 0)).toBeLessThan(1 + 1e-9);
        for (const [i, one] of rated.entries()) {
          expect(one.likelihood).toBeGreaterThanOrEqual(0);
          expect(one.between[0]).toBeLessThanOrEqual(one.metres);
          expect(one.between[1]).toBeGreaterThanOrEqual(one.metres);
          for (const [j, other] of rated.entries())
            if (found[i]!.accuracy === found[j]!.accuracy && one.metres < other.metres) expect(one.likelihood).toBeGreaterThanOrEqual(other.likelihood);
        }
      }));
  });
  it('takes the survey into account: at the same distance, one surveyed roughly is likelier than one surveyed finely', () => {
    const [fine, rough] = nearness([{ metres: 14, accuracy: 'A' }, { metres: 14, accuracy: 'C' }], 3);
    expect(rough!.likelihood).toBeGreaterThan(fine!.likelihood * 3);
    expect(fine!.between[0]).toBeGreaterThan(10);
    expect(rough!.between[0]).toBeLessThan(4);
  });
  it('takes the device into account: a rough position leaves neighbours equally likely, a good one does not', () => {
    const two = [{ metres: 2, accuracy: 'B' as const }, { metres: 25, accuracy: 'B' as const }];
    const [near, far] = nearness(two, 5);
    expect(near!.likelihood / far!.likelihood).toBeGreaterThan(1_000);
    const [nearer, farther] = nearness(two, 100);
    expect(nearer!.likelihood / farther!.likelihood).toBeLessThan(1.3);
  });
  it('is small for all where all are far away', () => {
    expect(nearness([{ metres: 90, accuracy: 'B' }], 10)[0]!.likelihood).toBeLessThan(0.01);
  });
});

describe('a component named in a text', () => {
  it.each([
    ['光明路3号灯不亮', '光明路', 3, '0137'], ['我在光明路３号路灯下面', '光明路', 3, '0137'], ['光明路第十五号灯杆歪了', '光明路', 15, '0137'],
    ['光明路上12号井盖没了', '光明路', 12, '0123'], ['光明路3號燈', '光明路', 3, '0137'], ['解放街二十四号垃圾桶', '解放街', 24, '0305'],
  ])('%s', (text, road, ordinal, of) => {
    const [found] = mentionsIn(text, classes);
    expect(found!.roads).toContain(road);
    expect(found!.ordinal).toBe(ordinal);
    expect(found!.classes).toContain(of);
  });
  it.each(['光明路3号', '3号灯', '光明路灯不亮', '光明路0号灯', '', '一条路'])('none in %j', (text) => {
    expect(mentionsIn(text, classes)).toEqual([]);
  });
  it('takes no time over long and hostile texts', () => {
    const start = performance.now();
    mentionsIn('路'.repeat(2_000), classes);
    mentionsIn('光明路3号'.repeat(400), classes);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

it('days are read as people write them, and what is no day is none', () => {
  for (const text of ['2024-05-01', '2024/5/1', '2024.5.1', '2024年5月1日', '20240501', '2024-05-01 00:00:00']) expect(writtenDay(text), text).toBe('2024-05-01');
  for (const text of ['2023-02-29', '2024-13-01', '1.5.2024', '45413', '去年', '']) expect(writtenDay(text), text).toBeUndefined();
});
