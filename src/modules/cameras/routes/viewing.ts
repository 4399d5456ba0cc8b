import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { handle, type Mounted } from '../../../platform/http/handler.ts';
import * as contract from '../contract/viewing.ts';
import type { Cameras } from '../index.ts';
import type { Playing } from '../service/streams.ts';
import type { Opened, Viewer } from '../service/views.ts';

/** Cookie that plays one look; its path is that look's own. */
const cookieName = 'lamplight_view';

/** The addresses of looking and turning. @param url the public address */
export const viewingRoutes = (cameras: Cameras, url: string): Mounted[] => {
  const { identity, views, streams, turning } = cameras;
  const secure = url.startsWith('https:');
  const viewerOf = (request: FastifyRequest, actor: Viewer['actor']): Viewer => {
    const token = request.cookies[`${secure ? '__Host-' : ''}lamplight`];
    return { actor, session: token === undefined || request.headers.authorization !== undefined ? null : createHash('sha256').update(token).digest() };
  };
  const giveToken = (reply: FastifyReply, { view }: Opened): void => {
    const { token, seconds } = views.token(view);
    reply.setCookie(cookieName, token, { path: `/api/cameras/views/${view.id}`, httpOnly: true, sameSite: 'strict', secure, maxAge: seconds });
  };
  const send = async (reply: FastifyReply, playing: Result<Playing>): Promise<Result<undefined>> => {
    if (isRefusal(playing)) return playing;
    // A piece that breaks off breaks the connection off: a player asks again.
    await reply.type(playing.type).header('cache-control', 'no-store').send('text' in playing ? playing.text : playing.pieces);
    return undefined;
  };
  return [
    handle(contract.openView, async ({ actor, params, body, language, request, reply }) => {
      const county = await identity.county(body.county);
      if (isRefusal(county)) return county;
      const opened = await views.open(viewerOf(request, actor), county, params.code, { purpose: body.purpose, note: body.note, matter: body.matter ?? null });
      if (isRefusal(opened)) return opened;
      giveToken(reply, opened);
      const { view, camera, gateway } = opened;
      const { purposes } = await cameras.rules(county);
      return {
        view: view.id, camera: camera.code, name: camera.name, purpose: purposes.find(({ key }) => key === view.purpose)?.name[language] ?? view.purpose, viewer: actor.name ?? '', account: actor.id,
        playlist: `/api/cameras/views/${view.id}/live.m3u8`, begunAt: view.begun_at.toISOString(), untilAt: view.until_at.toISOString(),
        turns: camera.ptz && identity.permits(actor, county, 'cameras.turn', camera.path) !== undefined, demo: gateway.kind === 'demo',
      };
    }),
    handle(contract.renewView, async ({ actor, params, request, reply }) => {
      const opened = await views.renew(viewerOf(request, actor), params.view);
      if (isRefusal(opened)) return opened;
      giveToken(reply, opened);
      return { untilAt: opened.view.until_at.toISOString(), silentSince: opened.camera.silentSince?.toISOString() ?? null };
    }),
    handle(contract.closeView, ({ actor, params, request }) => views.close(viewerOf(request, actor), params.view)),
    handle(contract.viewPlaylist, async ({ actor, params, request, reply }) => {
      const opened = await views.plays(viewerOf(request, actor), params.view, request.cookies[cookieName]);
      return isRefusal(opened) ? opened : send(reply, await streams.playlist(opened.camera, opened.gateway));
    }),
    handle(contract.viewPiece, async ({ actor, params, query, request, reply }) => {
      const opened = await views.plays(viewerOf(request, actor), params.view, request.cookies[cookieName]);
      return isRefusal(opened) ? opened : send(reply, await streams.piece(opened.camera, opened.gateway, query.u));
    }),
    handle(contract.turnCamera, async ({ actor, params, body, request }) => {
      const done = await turning.turn(viewerOf(request, actor), params.view, body);
      return isRefusal(done) ? done : { deviceMs: done.deviceMs, heldUntil: done.heldUntil.toISOString() };
    }),
    handle(contract.cameraPresets, async ({ actor, params, request }) => {
      const found = await turning.presets(viewerOf(request, actor), params.view);
      return isRefusal(found) ? found : { items: found.map((one) => ({ ...one })) };
    }),
    handle(contract.listViews, async ({ actor, params, query, language }) => {
      const county = await identity.county(query.county);
      if (isRefusal(county)) return county;
      if (!identity.permits(actor, county, 'cameras.audit')) return refuse(403, 'identity.not_permitted');
      const limit = query.limit ?? 30;
      const [, at, last] = /^(\d{1,16})~([0-9a-f-]{36})$/.exec(query.after ?? '') ?? [];
      const rows = await views.past(county, params.code, at && last ? { at: new Date(Number(at)), id: last } : null, limit + 1);
      const page = rows.slice(0, limit);
      const names = await identity.accounts.names(identity.world.db, [...new Set(page.map(({ account }) => account))]);
      const { purposes } = await cameras.rules(county);
      return {
        items: page.map((row) => ({
          view: row.id, viewer: names.get(row.account) ?? row.account, purpose: purposes.find(({ key }) => key === row.purpose)?.name[language] ?? row.purpose, note: row.note, matter: row.matter, begunAt: row.begun_at.toISOString(),
          endedAt: row.ended_at?.toISOString() ?? null, seconds: row.ended_at ? Math.round((row.ended_at.getTime() - row.begun_at.getTime()) / 1_000) : null, ending: row.ending, turns: row.turns,
        })),
        next: rows.length > limit ? `${page.at(-1)!.begun_at.getTime()}~${page.at(-1)!.id}` : null,
      };
    }),
  ];
};
