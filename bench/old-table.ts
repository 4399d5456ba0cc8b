import { fromWgs84 } from '../src/base/geo/coordinates.ts';

const minute = 60_000;
const day = 86_400_000;
const offset = 8 * 60 * minute;
const titles = '案件编号,上报时间,案件状态,结案时间,小类代码,问题描述,事发位置,经度,纬度,处置部门,立案时间';

const local = (at: number): string => new Date(at + offset).toISOString().slice(0, 16).replace('T', ' ');

/**
 * A table of another system as its export would be, in UTF-8 and GCJ-02, for the mapping `city-management`: cases of the three years
 * before a moment, 98 of 100 ended, each with a code, a point, words, an address and one further moment. Made up; the same each time.
 * @param code of our code table that every row bears
 * @param now milliseconds since 1970
 */
export const oldTable = (rows: number, code: string, now: number): Buffer => {
  const parts: Buffer[] = [Buffer.from(`${titles}\n`)];
  for (let from = 0; from < rows; from += 10_000) {
    let lines = '';
    for (let n = from; n < Math.min(rows, from + 10_000); n++) {
      const at = now - 1_100 * day + Math.floor((n / rows) * 1_000 * day);
      const [lng, lat] = fromWgs84('gcj02', 121.0221 + (n % 97) * 0.0002, 30.1612 + (n % 89) * 0.0002);
      const open = n % 50 === 7;
      lines += `OLD${String(n).padStart(8, '0')},${local(at)},${open ? '处置中' : '已结案'},${open ? '' : local(at + 30 * minute * (1 + (n % 90)))},${code},第${n % 40}盏路灯不亮，晚上很黑，请来修理。,谢家路村${n % 300}号门前,${lng.toFixed(6)},${lat.toFixed(6)},,${local(at + 5 * minute)}\n`;
    }
    parts.push(Buffer.from(lines));
  }
  return Buffer.concat(parts);
};
