import { Type, type Static } from 'typebox';
import { route } from '../../../base/route.ts';
import { closed, county, nullable } from './cameras.ts';

const uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
const id = Type.Object({ id: uuid });
/** Without a slash at the end. */
const address = Type.String({ pattern: '^https?://[^\\s?#]{1,200}[^\\s?#/]$' });
const word = Type.String({ minLength: 1, maxLength: 200 });
const kind = Type.Union([Type.Literal('hls'), Type.Literal('mediamtx'), Type.Literal('wvp')]);

const members = { media: Type.Optional(nullable(address)), login: Type.Optional(nullable(word)), secret: Type.Optional(word), deviceLogin: Type.Optional(nullable(word)), deviceSecret: Type.Optional(word) };
export const GatewayInput = Type.Object({ county, name: Type.String({ minLength: 1, maxLength: 60 }), kind, url: address, ...members }, closed);
export type GatewayInput = Static<typeof GatewayInput>;
export const GatewayChange = Type.Object({ county, name: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })), url: Type.Optional(address), active: Type.Optional(Type.Boolean()), ...members }, closed);
export type GatewayChange = Static<typeof GatewayChange>;

export const GatewayView = Type.Object({
  id: Type.String(), name: Type.String(), kind: Type.String(), url: Type.String(), media: nullable(Type.String()), login: nullable(Type.String()), hasSecret: Type.Boolean(), deviceLogin: nullable(Type.String()), hasDeviceSecret: Type.Boolean(), active: Type.Boolean(),
});
export type GatewayView = Static<typeof GatewayView>;

export const listGateways = route({
  name: 'cameras.gateways', method: 'GET', path: '/api/camera-gateways', who: ['admin'], summary: 'Gateways through which pictures of cameras come.', query: Type.Object({ county }, closed), response: Type.Object({ items: Type.Array(GatewayView) }),
});
export const addGateway = route({
  name: 'cameras.add_gateway', method: 'POST', path: '/api/camera-gateways', who: ['admin'], status: 201, summary: 'Connects a gateway: an HLS server, MediaMTX for RTSP, or WVP for GB/T 28181. Passwords are kept sealed and never shown.', body: GatewayInput, response: GatewayView,
});
export const changeGateway = route({
  name: 'cameras.change_gateway', method: 'PUT', path: '/api/camera-gateways/:id', who: ['admin'], summary: 'Changes a gateway, rests it or wakes it.', params: id, body: GatewayChange, response: GatewayView,
});
export const removeGateway = route({
  name: 'cameras.remove_gateway', method: 'DELETE', path: '/api/camera-gateways/:id', who: ['admin'], summary: 'Disconnects a gateway. Cameras that came through it stay on the register, without a picture.', params: id, query: Type.Object({ county }, closed), response: Type.Object({ done: Type.Literal(true) }),
});
