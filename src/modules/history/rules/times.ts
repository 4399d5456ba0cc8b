const day = 86_400_000;
const minute = 60_000;
/** Days before 1970 at which Excel begins to count; its 60 is a day that never was. */
const excelEpoch = 25_569;

const valid = (year: number, month: number, date: number, hour: number, minutes: number, second: number, offsetMinutes: number): number | undefined => {
  const at = Date.UTC(year, month - 1, date, hour, minutes, second);
  const back = new Date(at);
  // 31 April would become 1 May.
  return back.getUTCFullYear() === year && back.getUTCMonth() === month - 1 && back.getUTCDate() === date && hour < 24 && minutes < 60 && second < 60 ? at - offsetMinutes * minute : undefined;
};

/**
 * A moment as tables of other systems write it: `2024-03-01 08:05`, `2024/3/1`, `2024.3.1`, `2024年3月1日 8时5分`, `20240301080530`,
 * RFC 3339, or an Excel serial number (`45352.337`). Without an offset it is the county's time. Figures are plain ones.
 * @param order of a date whose year stands last
 * @returns milliseconds since 1970; undefined for what is none or could be two
 */
export const readHistoricTime = (text: string, offsetMinutes: number, order?: 'mdy' | 'dmy'): number | undefined => {
  const given = text.trim();
  const serial = /^(\d{5})(\.\d{1,12})?$/.exec(given);
  if (serial) {
    const at = Math.round((Number(given) - excelEpoch) * 86_400) * 1_000 - offsetMinutes * minute;
    return at > 0 ? at : undefined;
  }
  const compact = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$/.exec(given);
  if (compact) return valid(Number(compact[1]), Number(compact[2]), Number(compact[3]), Number(compact[4] ?? 0), Number(compact[5] ?? 0), Number(compact[6] ?? 0), offsetMinutes);
  const parts = /^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:[T\s]*(\d{1,2})(?::|时|點|点)(?:(\d{1,2})分?)?(?::?(\d{1,2})秒?(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(given);
  if (parts) {
    const zone = parts[7];
    const offset = zone === undefined ? offsetMinutes : zone.toUpperCase() === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
    return valid(Number(parts[1]), Number(parts[2]), Number(parts[3]), Number(parts[4] ?? 0), Number(parts[5] ?? 0), Number(parts[6] ?? 0), offset);
  }
  const last = order && /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(given);
  if (!last) return undefined;
  const [month, date] = order === 'mdy' ? [last[1], last[2]] : [last[2], last[1]];
  return valid(Number(last[3]), Number(month), Number(date), Number(last[4] ?? 0), Number(last[5] ?? 0), Number(last[6] ?? 0), offsetMinutes);
};

/** The earliest that anything here can have been reported: before it a date is a mistake. */
export const earliest = Date.UTC(1970, 0, 1) + day;
