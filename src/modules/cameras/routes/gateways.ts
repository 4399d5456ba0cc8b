import { isRefusal } from '../../../base/result.ts';
import { handle, type Mounted } from '../../../platform/http/handler.ts';
import * as contract from '../contract/gateways.ts';
import type { Cameras } from '../index.ts';
import type { GatewayRow } from '../service/gateways.ts';

const viewOf = (row: GatewayRow): contract.GatewayView => ({
  id: row.id, name: row.name, kind: row.kind, url: row.url, media: row.media, login: row.login, hasSecret: row.secret !== null, deviceLogin: row.device_login, hasDeviceSecret: row.device_secret !== null, active: row.active,
});

/** The addresses of gateways. */
export const gatewayRoutes = ({ identity, gateways }: Cameras): Mounted[] => [
  handle(contract.listGateways, async ({ actor, query }) => {
    const county = await identity.county(query.county);
    const found = isRefusal(county) ? county : await gateways.list(actor, county);
    return isRefusal(found) ? found : { items: found.map(viewOf) };
  }),
  handle(contract.addGateway, async ({ actor, body }) => {
    const county = await identity.county(body.county);
    const done = isRefusal(county) ? county : await gateways.add(actor, county, body);
    return isRefusal(done) ? done : viewOf(done);
  }),
  handle(contract.changeGateway, async ({ actor, params, body }) => {
    const county = await identity.county(body.county);
    const done = isRefusal(county) ? county : await gateways.change(actor, county, params.id, body);
    return isRefusal(done) ? done : viewOf(done);
  }),
  handle(contract.removeGateway, async ({ actor, params, query }) => {
    const county = await identity.county(query.county);
    return isRefusal(county) ? county : gateways.remove(actor, county, params.id);
  }),
];
