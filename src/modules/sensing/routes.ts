import type { FastifyReply } from 'fastify';
import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../base/result.ts';
import { say, type Language } from '../../base/text/language.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import type { Cell } from '../../platform/tables/written.ts';
import { textsOf } from '../../platform/texts.ts';
import type { World } from '../../platform/world.ts';
import { allPages, inParts, type Identity, type Leaving, type ListPage } from '../identity/index.ts';
import { holds } from '../identity/rules.ts';
import { calibrate, changeDevice, exportAlarms, exportDevices, exportSeries, listAlarms, listDevices, readDevice, readSeries, registerDevices, rotateKey } from './contract/devices.ts';
import { listRules, sendReadings, tryRule } from './contract/rules.ts';
import type { Bringer, Sensing } from './index.ts';
import { linesAtMost } from './rules/messages.ts';

const daysTried = 7;
const exportedAtOnce = 200;

const moment = (text: string | null): Cell => (text === null ? null : { at: Date.parse(text) });

/** @param offsetOf minutes that a county's time is ahead of UTC */
export const sensingRoutes = (world: Pick<World, 'now'>, { register, registry, intake, views, trying }: Sensing, identity: Pick<Identity, 'send' | 'permits' | 'county'>, offsetOf: (county: string) => number): Mounted[] => {
  const countyOf = (actor: Actor, asked: string | undefined): Result<string> => {
    const own = actor.grants.map(({ county }) => county as string);
    const county = asked ?? own[0];
    return county !== undefined && own.includes(county) ? county : refuse(403, 'matters.no-county');
  };
  const within = async <T>(actor: Actor, asked: string | undefined, work: (county: string) => Promise<Result<T>>): Promise<Result<T>> => {
    const county = countyOf(actor, asked);
    return isRefusal(county) ? county : work(county);
  };
  /** Sends a list whose first page the caller has just been given. */
  const send = <T>(reply: FastifyReply, actor: Actor, county: string, language: Language, list: Pick<Leaving<T>, 'format' | 'filter' | 'rowOf'> & { readonly name: string; readonly columns: readonly string[] }, pages: AsyncIterable<readonly T[]>): Refusal | undefined => {
    const grant = actor.grants.find((one) => one.county === county && holds(one, world.now()));
    if (!grant) return refuse(403, 'identity.not_permitted');
    const word = (key: string): string => say(textsOf('sensing'), language, `export.${key}`);
    const { format, filter, rowOf } = list;
    return identity.send(reply, { county, kind: list.name, actor, grant, format, filter, rowOf, file: word(list.name), offsetMinutes: offsetOf(county), columns: list.columns.map(word) }, pages);
  };
  const listed = async <T>(read: (after?: string) => Promise<Result<ListPage<T>>>, sent: (pages: AsyncIterable<readonly T[]>) => Refusal | undefined): Promise<Refusal | undefined> => {
    const first = await read();
    return isRefusal(first) ? first : sent(allPages(first, read));
  };

  /** Who brings readings: a device by its key, a gateway by its token and the right to send. */
  const bringerOf = async (actor: Actor, key: unknown, county: string): Promise<Result<Bringer>> => {
    if (typeof key === 'string') {
      const device = key.length <= 200 ? (await registry.of(county)).holder(key) : undefined;
      return device ? { device } : refuse(401, 'sensing.key');
    }
    return actor.kind === 'program' && identity.permits(actor, county, 'sensing.send') ? 'gateway' : refuse(401, 'sensing.nobody');
  };
  const linesOf = (body: unknown): readonly unknown[] | undefined => {
    if (Array.isArray(body)) return body;
    if (typeof body !== 'object' || body === null) return undefined;
    const { readings } = body as { readonly readings?: unknown };
    return readings === undefined ? [body] : Array.isArray(readings) ? readings : undefined;
  };

  return [
    handle(sendReadings, async ({ actor, body, query, request, language }) => {
      const county = await identity.county(query.county ?? actor.grants[0]?.county);
      if (isRefusal(county)) return county;
      const lines = linesOf(body);
      if (lines === undefined || lines.length === 0) return refuse(422, 'sensing.shape');
      if (lines.length > linesAtMost) return refuse(413, 'sensing.too_many', { most: linesAtMost });
      const bringer = await bringerOf(actor, request.headers['x-device-key'], county);
      if (isRefusal(bringer)) return bringer;
      const taken = await intake.take(county, bringer, lines);
      if (isRefusal(taken)) return taken;
      const reasons = textsOf('reasons');
      return { accepted: taken.accepted, refused: taken.refused.map((one) => ({ ...one, message: say(reasons, language, one.reason) })) };
    }),
    handle(listDevices, ({ actor, query: { county, ...ask }, language }) => within(actor, county, (of) => views.devices(actor, of, ask, language))),
    handle(exportDevices, ({ actor, query: { county, format, ...ask }, language, reply }) => within(actor, county, (of) => listed(
      (after) => views.devices(actor, of, { ...ask, limit: exportedAtOnce, ...(after !== undefined && { after }) }, language),
      (pages) => send(reply, actor, of, language, {
        name: 'devices', format, filter: ask, columns: ['code', 'kind', 'name', 'component', 'place', 'unit', 'state', 'seen', 'value', 'alarms', 'thinned', 'faults', 'lng', 'lat'],
        rowOf: (one) => [one.code, one.kind.name, one.name, one.component, one.placeNames.join(' · '), one.unit?.name ?? null, say(textsOf('sensing'), language, `state.${one.state}`), moment(one.seenAt), one.now.map(({ name, value, unit }) => `${name} ${value} ${unit}`).join('; '), one.alarms, one.thinned, one.faults, one.lng, one.lat],
      }, pages)))),
    handle(registerDevices, ({ actor, body: { county, devices, keys = false } }) => within(actor, county, async (of) => {
      const items = await register.add(actor, of, devices, keys);
      return isRefusal(items) ? items : { items };
    })),
    handle(readDevice, ({ actor, params, query, language }) => within(actor, query.county, (of) => views.device(actor, of, params.code, language))),
    handle(changeDevice, ({ actor, params, body, language }) => within(actor, body.county, async (of) => {
      const done = await register.change(actor, of, params.code, body);
      return isRefusal(done) ? done : views.device(actor, of, params.code, language);
    })),
    handle(rotateKey, ({ actor, params, body: { county, how } }) => within(actor, county, (of) => register.key(actor, of, params.code, how))),
    handle(calibrate, ({ actor, params, body: { county, ...ask }, language }) => within(actor, county, async (of) => {
      const done = await register.calibrate(actor, of, params.code, ask);
      return isRefusal(done) ? done : views.device(actor, of, params.code, language);
    })),
    handle(readSeries, ({ actor, params, query: { county, ...ask } }) => within(actor, county, (of) => views.series(actor, of, params.code, ask))),
    handle(exportSeries, ({ actor, params, query: { county, format, ...ask }, language, reply }) => within(actor, county, async (of) => {
      const series = await views.series(actor, of, params.code, ask);
      return isRefusal(series) ? series : send(reply, actor, of, language, {
        name: 'series', format, filter: { device: params.code, ...ask }, columns: ['at', 'value', 'low', 'high', 'count'], rowOf: (one: (typeof series.points)[number]) => [moment(one.at), one.value, one.low, one.high, one.count],
      }, inParts(series.points));
    })),
    handle(listAlarms, ({ actor, query: { county, ...ask }, language }) => within(actor, county, (of) => views.alarms(actor, of, ask, language))),
    handle(exportAlarms, ({ actor, query: { county, format, ...ask }, language, reply }) => within(actor, county, (of) => listed(
      (after) => views.alarms(actor, of, { ...ask, limit: exportedAtOnce, ...(after !== undefined && { after }) }, language),
      (pages) => send(reply, actor, of, language, {
        name: 'alarms', format, filter: ask, columns: ['opened', 'ended', 'severity', 'rule', 'code', 'name', 'kind', 'value', 'place', 'outcome', 'number'],
        rowOf: (one) => [moment(one.openedAt), moment(one.endedAt), say(textsOf('sensing'), language, `severity.${one.severity}`), one.rule.name, one.device.code, one.device.name, one.kind.name, one.value, one.placeNames.join(' · '), one.outcomeWords, one.matter?.number ?? null],
      }, pages)))),
    handle(listRules, ({ actor, query, language }) => within(actor, query.county, (of) => trying.list(actor, of, language))),
    handle(tryRule, ({ actor, body: { county, rule, days = daysTried } }) => within(actor, county, (of) => trying.try(actor, of, rule, days))),
  ];
};
