import { XMLParser, XMLValidator } from 'fast-xml-parser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUuid } from '../../src/base/ids.ts';
import { isRefusal } from '../../src/base/result.ts';
import { opOf, readRequestForm } from '../../src/modules/open311/rules/form.ts';
import { stamp, windowOf } from '../../src/modules/open311/rules/window.ts';
import { readCursor, writeCursor } from '../../src/modules/bulletin/rules/cursor.ts';
import { xmlOf } from '../../src/modules/open311/rules/xml.ts';

const now = Date.parse('2026-11-24T09:00:00+08:00');
const china = 480;

describe('XML', () => {
  test('of any text is well formed and reads back as what was said, but for signs that XML cannot hold', () => {
    const parser = new XMLParser({ parseTagValue: false, trimValues: false, ignoreDeclaration: true });
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const xml = xmlOf('errors', [{ code: 400, description: `.${text}.` }]);
      expect(XMLValidator.validate(xml)).toBe(true);
      // What stands between the tags is text and character references only.
      expect(/<description>([^<]*)<\/description>/.exec(xml)).not.toBeNull();
    }));
    const read = parser.parse(xmlOf('errors', [{ code: 400, description: '<a & "b"> 灯 🏮' }])) as { errors: { error: { description: string } } };
    expect(read.errors.error.description).toBe('<a & "b"> 灯 🏮');
  });
  test('names the items of a list by the list, and says nothing as an empty element', () => {
    expect(xmlOf('service_requests', [{ lat: null, place: ['a'] }])).toBe('<?xml version="1.0" encoding="utf-8"?>\n<service_requests><request><lat/><place><part>a</part></place></request></service_requests>\n');
    expect(xmlOf('service_requests', [])).toBe('<?xml version="1.0" encoding="utf-8"?>\n<service_requests/>\n');
  });
});

describe('the times of a query', () => {
  test('are never more than 90 days apart, and always include what was asked for', () => {
    const time = fc.date({ min: new Date('2000-01-01'), max: new Date('2060-01-01'), noInvalidDate: true });
    fc.assert(fc.property(fc.option(time), fc.option(time), fc.constantFrom(0, 480, -330), (start, end, offset) => {
      const window = windowOf({ ...(start && { start_date: stamp(start.getTime(), offset) }), ...(end && { end_date: stamp(end.getTime(), offset) }) }, now, offset);
      if (isRefusal(window)) return start !== null && end !== null;
      return window.to - window.from <= 90 * 86_400_000 && (start === null || window.from === Math.floor(start.getTime() / 1000) * 1000) && (end === null || window.to === Math.floor(end.getTime() / 1000) * 1000);
    }));
  });
  test('are the last 90 days where nothing is said, and a day alone is the county\'s day', () => {
    expect(windowOf({}, now, china)).toEqual({ from: now - 90 * 86_400_000, to: now });
    expect(windowOf({ start_date: '2026-11-01', end_date: '2026-11-01' }, now, china)).toEqual({ from: Date.parse('2026-11-01T00:00:00+08:00'), to: Date.parse('2026-11-02T00:00:00+08:00') - 1 });
    expect(windowOf({ start_date: '2026-11-01T00:00:00 08:00' }, now, china)).toMatchObject({ from: Date.parse('2026-11-01T00:00:00+08:00') });
  });
  test('are written with the county\'s offset', () => {
    expect(stamp(now, china)).toBe('2026-11-24T09:00:00+08:00');
    expect(stamp(now, -330)).toBe('2026-11-23T19:30:00-05:30');
  });
});

test('a cursor reads back as it was written, and nothing else is one', () => {
  const cursor = { at: now, id: '01900000-0000-7000-8000-0000000000ff' };
  expect(readCursor(writeCursor(cursor))).toEqual(cursor);
  for (const wrong of ['', '~', 'x', `${writeCursor(cursor)}'`, `~${cursor.id}`]) expect(readCursor(wrong)).toBeUndefined();
});

test('an op is a UUID of its caller and key: equal for equal ones, different for different ones', () => {
  fc.assert(fc.property(fc.uuid(), fc.uuid(), fc.string(), fc.string(), (a, b, one, other) =>
    isUuid(opOf(a, one)) && opOf(a, one) === opOf(a, one) && (a === b || opOf(a, one) !== opOf(b, one)) && (one === other || opOf(a, one) !== opOf(a, other))));
});

test('answers are read whether their code is written with brackets for many or not, and empty ones are none', () => {
  const { asked } = readRequestForm({ service_code: ['x'], lat: ['1'], long: ['2'], 'attribute[a]': ['1'], 'attribute[b][]': ['1', '2', '2', ''], 'attribute[c][0]': ['9'], 'attribute[d]': [''], 'attribute[]': ['z'] });
  expect([...asked.answers]).toEqual([['a', ['1']], ['b', ['1', '2']], ['c', ['9']]]);
});
