import { toWgs84, type CoordinateSystem } from '../../../base/geo/coordinates.ts';
import { halfWidth } from '../../../base/text/width.ts';
import { cameraTypes, centreFits, partsOfCode } from './codes.ts';

/** What is wrong with one value of one line. */
export interface LineProblem {
  readonly line: number;
  /** The column as the file calls it; null for the line or the file as a whole. */
  readonly column: string | null;
  readonly value: string;
  /** Reason code; its words are in `data/texts/reasons`. */
  readonly rule: string;
}

/** What is said of a camera: a line of an import, or the form of one camera. */
export interface CameraDraft {
  readonly line: number;
  /** 20 figures of GB/T 28181. */
  readonly code: string;
  readonly name: string;
  /** WGS-84 degrees. */
  readonly lng: number;
  readonly lat: number;
  readonly place: string | null;
  readonly path: string | null;
  /** Where on the street it hangs, in words. */
  readonly spot: string | null;
  /** Metres above the ground. */
  readonly height: number | null;
  /** Degrees from north with the clock. */
  readonly bearing: number | null;
  readonly opening: number | null;
  /** Degrees that it turns in all: 0 fixed, 360 all round. */
  readonly turning: number;
  /** Metres. */
  readonly reach: number;
  readonly owner: string;
  readonly purpose: string;
  /** Days. */
  readonly retention: number;
  readonly notice: boolean;
  readonly ptz: boolean;
  readonly gateway: string | null;
  /** What the gateway calls it: a path of an HLS server or MediaMTX, `device/channel` of WVP. */
  readonly stream: string | null;
  /** RTSP address without a password, for a gateway that fetches it. */
  readonly source: string | null;
  /** Address of its ONVIF device service. */
  readonly onvif: string | null;
  readonly off: boolean;
}

/** What a record is checked against. */
export interface CameraSurvey {
  readonly county: string;
  readonly system: CoordinateSystem;
  readonly locate?: (lng: number, lat: number) => { readonly place: string; readonly path: string } | null;
  /** A unit by its id or its name in any language. */
  readonly unit: (text: string) => string | undefined;
  /** A purpose by its key or its name in any language. */
  readonly purpose: (text: string) => string | undefined;
  /** A gateway by its name. */
  readonly gateway: (text: string) => string | undefined;
  /** An address that may be called from here. */
  readonly address: (url: string) => boolean;
  readonly retentionAtMost: number;
}

const yes = new Set(['1', 'y', 'yes', 'true', '是', '有', '带']);
const no = new Set(['0', 'n', 'no', 'false', '否', '无', '無', '没有']);

const plain = (text: string): string => halfWidth(text).replace(/\s+/gu, '');

/** Reads one record. Every value that is wrong is named, not the first alone. */
export const readCamera = (line: number, values: Readonly<Record<string, string>>, survey: CameraSurvey): CameraDraft | { readonly errors: readonly LineProblem[] } => {
  const errors: LineProblem[] = [];
  const wrong = (column: string, rule: string): void => { errors.push({ line, column, value: (values[column] ?? '').slice(0, 80), rule: `cameras.${rule}` }); };
  const text = (field: string, most: number): string | null => {
    const value = (values[field] ?? '').normalize('NFC').trim();
    if (value.length > most) wrong(field, 'too_long');
    return value === '' ? null : value;
  };
  /** @param usual what an empty cell means; undefined where the cell must be filled */
  const number = (field: string, low: number, high: number, usual?: number | null): number | null => {
    const value = plain(values[field] ?? '').replace(/(米|m|度|°|天|days?)$/iu, '');
    if (value === '') {
      if (usual === undefined) wrong(field, 'missing');
      return usual ?? null;
    }
    const found = /^-?\d{1,5}(?:\.\d+)?$/u.test(value) ? Number(value) : Number.NaN;
    if (!(found >= low && found <= high)) wrong(field, 'number');
    return found;
  };
  const yesNo = (field: string, usual?: boolean): boolean => {
    const value = plain(values[field] ?? '').toLowerCase();
    if (yes.has(value)) return true;
    if (no.has(value) || (value === '' && usual !== undefined)) return value === '' ? usual! : false;
    wrong(field, value === '' ? 'missing' : 'yes_no');
    return false;
  };

  const code = plain(values['code'] ?? '');
  const parts = partsOfCode(code);
  if (code === '') wrong('code', 'missing');
  else if (/E\+/iu.test(code) || /^\d{15}0{5}$/u.test(code)) wrong('code', 'code_digits');
  else if (!parts) wrong('code', 'code');
  else if (!cameraTypes.has(parts.type)) wrong('code', 'code_type');
  else if (!centreFits(parts.centre, survey.county)) wrong('code', 'code_county');

  const name = text('name', 100);
  if (name === null) wrong('name', 'missing');
  const [lngText, latText] = [plain(values['lng'] ?? ''), plain(values['lat'] ?? '')];
  const degrees = (value: string): number => (/^-?\d{1,3}(?:\.\d+)?$/u.test(value) ? Number(value) : Number.NaN);
  const [rawLng, rawLat] = [degrees(lngText), degrees(latText)];
  let position: readonly [number, number] = [0, 0];
  let at: { readonly place: string; readonly path: string } | null = null;
  if (lngText === '') wrong('lng', 'missing');
  else if (!(Math.abs(rawLng) <= 180)) wrong('lng', 'degrees');
  if (latText === '') wrong('lat', 'missing');
  else if (!(Math.abs(rawLat) <= 90)) wrong('lat', Math.abs(rawLat) <= 180 && Math.abs(rawLng) <= 90 ? 'swapped' : 'degrees');
  else if (Math.abs(rawLng) <= 180) {
    position = toWgs84(survey.system, rawLng, rawLat);
    if (survey.locate) {
      at = survey.locate(...position);
      if (!at) wrong('lng', Math.abs(rawLng) <= 90 && survey.locate(...toWgs84(survey.system, rawLat, rawLng)) ? 'swapped' : 'outside');
    }
  }

  const named = (field: string, find: (value: string) => string | undefined, rule: string, must: boolean): string | null => {
    const value = text(field, 100);
    if (value === null) {
      if (must) wrong(field, 'missing');
      return null;
    }
    const found = find(value);
    if (found === undefined) wrong(field, rule);
    return found ?? null;
  };
  const address = (field: string, shape: RegExp): string | null => {
    const value = text(field, 300);
    const url = value === null ? null : URL.parse(value);
    // A password in an address would leave with the next export: it is kept with the gateway, sealed.
    if (value !== null && (!url || !shape.test(url.protocol) || url.username !== '' || url.password !== '')) wrong(field, url && url.username !== '' ? 'password_in_address' : 'address');
    else if (value !== null && field === 'onvif' && !survey.address(value)) wrong(field, 'address_outside');
    return value;
  };

  const draft: CameraDraft = {
    line, code, name: name ?? '', lng: position[0], lat: position[1], place: at?.place ?? null, path: at?.path ?? null, spot: text('spot', 200),
    height: number('height', 0, 300, null), bearing: number('bearing', 0, 360, null), opening: number('opening', 1, 360, null), turning: number('turning', 0, 360, 0)!,
    reach: number('reach', 1, 20_000)!, owner: named('owner', survey.unit, 'unit', true) ?? '', purpose: named('purpose', survey.purpose, 'purpose', true) ?? '',
    retention: number('retention', 0, 3_650)!, notice: yesNo('notice'), ptz: yesNo('ptz', false), gateway: named('gateway', survey.gateway, 'gateway', false),
    stream: text('stream', 200), source: address('source', /^rtsps?:$/), onvif: address('onvif', /^https?:$/), off: yesNo('off', false),
  };
  if (draft.retention > survey.retentionAtMost && draft.retention <= 3_650) wrong('retention', 'retention');
  if (!Number.isInteger(draft.retention) && !Number.isNaN(draft.retention)) wrong('retention', 'number');
  if (draft.gateway !== null && draft.stream === null) wrong('stream', 'missing');
  // Written into addresses of the gateway: nothing that leads out of its own folder.
  if (draft.stream !== null && !/^[\w\u4e00-\u9fff.-]+(\/[\w\u4e00-\u9fff.-]+)*$/u.test(draft.stream) || /(^|\/)\.+(\/|$)/.test(draft.stream ?? '')) wrong('stream', 'stream');
  return errors.length > 0 ? { errors } : draft;
};
