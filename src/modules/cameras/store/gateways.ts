import type { Tx } from '../../../platform/database/database.ts';
import type { SealedTable } from '../../../platform/sealed.ts';

/** Where this module keeps sealed values. */
export const cameraSealed: readonly SealedTable[] = [{ table: 'camera_gateway', columns: { secret: 'camera gateway', device_secret: 'camera device' } }];

/** Through what pictures come and cameras are turned. */
export interface GatewayRow {
  readonly county: string;
  readonly id: string;
  readonly name: string;
  /** `hls` serves streams that are there already, `mediamtx` fetches RTSP, `wvp` speaks GB/T 28181, `demo` is the town's own demo camera. */
  readonly kind: 'hls' | 'mediamtx' | 'wvp' | 'demo';
  /** Its interface; for `hls` where streams are. */
  readonly url: string;
  /** Where its HLS is, if elsewhere. */
  readonly media: string | null;
  readonly login: string | null;
  /** Sealed. */
  readonly secret: Buffer | null;
  /** What cameras behind it are signed in to with, by ONVIF and RTSP. */
  readonly device_login: string | null;
  /** Sealed. */
  readonly device_secret: Buffer | null;
  readonly active: boolean;
  readonly created_at: Date;
}

const columns = 'county, id, name, kind, url, media, login, secret, device_login, device_secret, active, created_at';

export const readGateways = (tx: Tx, county: string): Promise<GatewayRow[]> =>
  tx.query<GatewayRow>(`select ${columns} from camera_gateway where county = $1 order by name, id`, [county], 'camera_gateways.list');

export const readGateway = async (tx: Tx, county: string, id: string): Promise<GatewayRow | undefined> =>
  (await tx.query<GatewayRow>(`select ${columns} from camera_gateway where county = $1 and id = $2`, [county, id], 'camera_gateways.one'))[0];

export const insertGateway = (tx: Tx, row: GatewayRow): Promise<unknown> => tx.query(
  `insert into camera_gateway (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
  [row.county, row.id, row.name, row.kind, row.url, row.media, row.login, row.secret, row.device_login, row.device_secret, row.active, row.created_at], 'camera_gateways.insert');

export const updateGateway = (tx: Tx, row: GatewayRow): Promise<unknown> => tx.query(
  'update camera_gateway set name = $3, url = $4, media = $5, login = $6, secret = $7, device_login = $8, device_secret = $9, active = $10 where county = $1 and id = $2',
  [row.county, row.id, row.name, row.url, row.media, row.login, row.secret, row.device_login, row.device_secret, row.active], 'camera_gateways.update');

/** Takes a gateway off; cameras that came through it have none afterwards. */
export const deleteGateway = async (tx: Tx, county: string, id: string, now: Date): Promise<boolean> => {
  await tx.query('update camera set gateway = null, stream = null, version = version + 1, updated_at = $3 where county = $1 and gateway = $2', [county, id, now], 'camera_gateways.leave');
  return (await tx.query('delete from camera_gateway where county = $1 and id = $2 returning 1', [county, id], 'camera_gateways.delete')).length > 0;
};
