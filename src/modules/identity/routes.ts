import type { Static } from 'typebox';
import type { Actor, Grant } from '../../base/actor.ts';
import { defaultZone } from '../../base/time/zone.ts';
import { type Language, say } from '../../base/text/language.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import { handle, type Call, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import * as contract from './contract.ts';
import type { Consent, Identity } from './index.ts';
import { holds, mayOf } from './rules.ts';
import { doesWords, seesWords } from './service/said.ts';
import { allPages } from './service/leaving/leaving.ts';
import type { UnitRow } from './service/units.ts';

/** Rows that an export reads at a time. */
const exportRows = 200;

const iso = (ms: number): string => new Date(ms).toISOString();

const unitView = (unit: UnitRow, language: Language): contract.UnitView => ({
  id: unit.id, name: unit.name[language], names: unit.name, kind: unit.kind, parent: unit.parent, phone: unit.phone, places: [...unit.places], closed: unit.closed_at !== null,
});

/** A moment that a request names; undefined where it names none. */
const moment = (text: string | undefined): Result<number | undefined> => {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? refuse(422, 'identity.moment', { text }) : ms;
};

/** The addresses of sign-in, residents' contacts, accounts, grants, roles and units. */
export const identityRoutes = (identity: Identity): Mounted[] => {
  const { sessions, contacts, accounts, units, world } = identity;

  const grantViews = async (grants: readonly Grant[], language: Language): Promise<contract.GrantView[]> => {
    const names = new Map<string, string>();
    for (const county of new Set(grants.map((grant) => grant.county))) {
      const ids = [...new Set(grants.flatMap((grant) => (grant.county === county && grant.unit !== null ? [grant.unit as string] : [])))];
      for (const [id, unit] of await units.get(world.db, county, ids)) names.set(`${county} ${id}`, unit.name[language]);
    }
    return grants.map(({ id, county, role, unit, place, purpose, from, until }) => ({
      id, county, role, roleLabel: identity.roles.roles[role]?.label[language] ?? role,
      unit: unit === null ? null : { id: unit, name: names.get(`${county} ${unit}`) ?? unit },
      place, purpose, from: iso(from), until: until === null ? null : iso(until),
    }));
  };

  const sessionView = async (actor: Actor, expiresAt: number | null, language: Language): Promise<contract.SessionView> => {
    const now = world.now();
    const grants = actor.grants.filter((grant) => holds(grant, now));
    return {
      id: actor.id, kind: actor.kind, name: actor.name, grants: await grantViews(grants, language),
      permissions: [...new Set(grants.flatMap(({ county, role }) => mayOf(identity.roles, county, role)))].sort(),
      expiresAt: expiresAt === null ? null : iso(expiresAt), zone: grants[0] ? (await identity.zone(grants[0].county)).name : defaultZone,
    };
  };

  /** The county that was asked for, or the first that the actor has a grant in. */
  const countyOf = (actor: Actor, asked: string | undefined): string =>
    asked ?? actor.grants.find((grant) => holds(grant, world.now()))?.county ?? '';

  const welcome = async (call: Call<typeof contract.signIn>, opened: { token: string; actor: Actor; expiresAt: number }, kind: 'staff' | 'resident') => {
    call.reply.header('set-cookie', sessions.cookie(kind, opened));
    return sessionView(opened.actor, opened.expiresAt, call.language);
  };

  const signingIn = [
    handle(contract.signIn, async (call) => {
      const opened = await sessions.signIn(call.body.account, call.body.password);
      return isRefusal(opened) ? opened : welcome(call, opened, 'staff');
    }),
    handle(contract.readSession, async ({ actor, request, language }) => sessionView(actor, await sessions.expiry(request), language)),
    handle(contract.signOut, async ({ request, reply }) => {
      await sessions.signOut(request);
      reply.header('set-cookie', [sessions.cookie('staff', null), sessions.cookie('resident', null)]);
      return { done: true as const };
    }),
    handle(contract.changePassword, async ({ actor, request, body }) => sessions.changePassword(actor, request, body.old, body.new)),
    handle(contract.useLink, async (call) => {
      const opened = await sessions.useLink(call.body.token, call.body.password);
      return isRefusal(opened) ? opened : welcome(call as unknown as Call<typeof contract.signIn>, opened, 'staff');
    }),
  ];

  const residents = [
    handle(contract.sendCode, async ({ body, language }) => {
      const county = await identity.county(body.county);
      if (isRefusal(county)) return county;
      const sent = await contacts.sendCode(county, body.phone, body.language ?? language);
      return isRefusal(sent) ? sent : { maskedPhone: sent.maskedPhone, until: iso(sent.until) };
    }),
    handle(contract.verifyCode, async (call) => {
      const county = await identity.county(call.body.county);
      if (isRefusal(county)) return county;
      const contact = await contacts.checkCode(county, call.body.phone, call.body.code);
      if (isRefusal(contact)) return contact;
      return welcome(call as unknown as Call<typeof contract.signIn>, await sessions.openResident(county, contact.id), 'resident');
    }),
    handle(contract.readOwnContact, async ({ actor }) => contacts.own(actor)),
    handle(contract.changeOwnContact, async ({ actor, body }) => contacts.changeOwn(actor, body)),
    handle(contract.eraseOwnContact, async ({ actor, reply }) => {
      const done = await contacts.eraseOwn(actor);
      if (!isRefusal(done)) reply.header('set-cookie', sessions.cookie('resident', null));
      return done;
    }),
  ];

  const offices = [
    handle(contract.listUnits, async ({ actor, query, language }) => {
      const county = countyOf(actor, query.county);
      if (!actor.grants.some((grant) => grant.county === county && holds(grant, world.now()))) return refuse(403, 'identity.not_permitted');
      const limit = query.limit ?? 50;
      const rows = await units.list(world.db, county, query.after ?? '', limit + 1);
      const items = rows.slice(0, limit).map((row) => unitView(row, language));
      return { items, next: rows.length > limit ? items.at(-1)!.id : null };
    }),
    handle(contract.putUnit, async ({ actor, params, body, language }) => {
      const { county, ...unit } = body;
      const row = await units.put(actor, countyOf(actor, county), { id: params.id, ...unit });
      return isRefusal(row) ? row : unitView(row, language);
    }),
    handle(contract.listRoles, async ({ actor, language }) => ({
      items: Object.entries(identity.roles.roles).filter(([role]) => role !== 'resident').map(([role, { label, may, reads }]) => ({
        role, label: label[language], needsUnit: reads.some(({ within }) => within === 'unit'), permissions: [...mayOf(identity.roles, countyOf(actor, undefined), role)],
        sees: seesWords(reads, language), does: doesWords(mayOf(identity.roles, countyOf(actor, undefined), role), language),
        withheld: doesWords(may.filter((one) => !mayOf(identity.roles, countyOf(actor, undefined), role).includes(one)), language),
        reads: reads.map(({ kinds, within }) => ({ kinds: kinds === '*' ? ['*'] : [...kinds], within })),
      })),
    })),
  ];

  const staff = [
    handle(contract.listAccounts, async ({ actor, query }) => {
      const { county, limit = 50, ...filter } = query;
      return accounts.list(actor, countyOf(actor, county), { ...filter, limit });
    }),
    handle(contract.exportAccounts, async ({ actor, query, language, reply }) => {
      const { county: asked, format, ...filter } = query;
      const county = countyOf(actor, asked);
      const read = (after?: string) => accounts.list(actor, county, { ...filter, ...(after !== undefined && { after }), limit: exportRows });
      const first = await read();
      if (isRefusal(first)) return first;
      const word = (key: string): string => say(textsOf('exports'), language, key);
      const roleName = (role: string): string => identity.roles.roles[role]?.label[language] ?? role;
      return identity.send(reply, {
        county, kind: 'accounts', actor, grant: identity.permits(actor, county, 'accounts.read')!, format, filter, file: word('accounts.file'),
        columns: ['login', 'name', 'kind', 'roles', 'phone', 'email', 'disabled'].map((name) => word(`accounts.${name}`)),
        rowOf: (one) => [one.login, one.name, word(`accounts.kind.${one.kind}`), one.roles.map(roleName).join('、'), one.maskedPhone, one.maskedEmail, word(one.disabled ? 'yes' : 'no')],
      }, allPages(first, read));
    }),
    handle(contract.readAccount, async ({ actor, params, query, language }) => {
      const found = await accounts.read(actor, countyOf(actor, query.county), params.id);
      return isRefusal(found) ? found : { ...found, grants: await grantViews(found.grants, language) };
    }),
    handle(contract.createAccount, async ({ actor, body }) => {
      const { county, ...input } = body;
      const made = await accounts.create(actor, countyOf(actor, county), input);
      return isRefusal(made) ? made : { account: made.account, link: made.link === null ? null : identity.linkAddress(made.link) };
    }),
    handle(contract.changeAccount, async ({ actor, params, body }) => accounts.change(actor, params.id, body)),
    handle(contract.makeLink, async ({ actor, params }) => {
      const made = await accounts.link(actor, params.id);
      return isRefusal(made) ? made : { account: made.account, link: identity.linkAddress(made.link) };
    }),
    handle(contract.listGrants, async ({ actor, query, language }) => {
      const limit = query.limit ?? 50;
      const rows = await identity.grants.held(actor, countyOf(actor, query.county), { ...(query.role && { role: query.role }), ...(query.unit && { unit: query.unit }), ended: query.ended ?? false, after: query.after ?? '', limit: limit + 1 });
      if (isRefusal(rows)) return rows;
      const shown = rows.slice(0, limit);
      const views = await grantViews(shown.map(({ grant }) => grant), language);
      const last = shown.at(-1);
      return { items: shown.map(({ account, name, login, disabled }, at) => ({ account, name, login, disabled, grant: views[at]! })), next: rows.length > limit && last ? `${last.login} ${last.grant.id}` : null };
    }),
    handle(contract.previewGrant, async ({ actor, params, body, language }) => {
      const county = countyOf(actor, body.county);
      const seen = await identity.grants.preview(actor, county, params.id, { role: body.role, unit: body.unit ?? null, place: body.place });
      if (isRefusal(seen)) return seen;
      return { sees: seesWords(seen.sees, language), does: doesWords(seen.does, language), already: doesWords(seen.already, language) };
    }),
    handle(contract.giveGrant, async ({ actor, params, body, language }) => {
      const from = moment(body.from);
      const until = moment(body.until ?? undefined);
      if (isRefusal(from)) return from;
      if (isRefusal(until)) return until;
      const grant = await accounts.grant(actor, countyOf(actor, body.county), params.id, {
        role: body.role, place: body.place, unit: body.unit ?? null, purpose: body.purpose ?? null, ...(from !== undefined && { from }), until: until ?? null,
      });
      return isRefusal(grant) ? grant : (await grantViews([grant], language))[0]!;
    }),
    handle(contract.endGrant, async ({ actor, params, query, language }) => {
      const grant = await accounts.endGrant(actor, countyOf(actor, query.county), params.id);
      return isRefusal(grant) ? grant : (await grantViews([grant], language))[0]!;
    }),
    handle(contract.makeToken, async ({ actor, params, body }) => accounts.makeToken(actor, params.id, body)),
    handle(contract.revokeToken, async ({ actor, params }) => accounts.revokeToken(actor, params.id, params.token)),
  ];
  return [...signingIn, ...residents, ...offices, ...staff];
};

/** A matter as a reveal asks about it. */
export interface RevealedMatter {
  readonly county: string;
  /** `contact:{uuid}` for a resident. */
  readonly reporter: string | null;
  readonly path: string | null;
}

/**
 * The address at which a reporter's phone is revealed.
 * @param find the matter where the actor may see it, undefined where not: matters are a higher module, so entry/ hands it in
 */
export const revealRoutes = (identity: Identity, find: (actor: Actor, matter: string) => Promise<RevealedMatter | undefined>): Mounted[] => [
  handle(contract.revealReporter, async ({ actor, params, body, language }) => {
    const matter = await find(actor, params.id);
    const contact = /^contact:(.+)$/.exec(matter?.reporter ?? '')?.[1];
    if (!matter || contact === undefined) return refuse(404, 'identity.contact');
    const shown = await identity.contacts.reveal(actor, { county: matter.county, contact, matter: params.id, path: matter.path }, body.purpose);
    return isRefusal(shown) ? shown : { ...shown, purposeLabel: say(textsOf('identity'), language, `purpose_${body.purpose}`) };
  }),
];

/** A case as whoever takes a call sees it beside a number. */
export type CallersCase = Static<typeof contract.findContact.response>['matters'][number];

/**
 * The address at which a caller's number is looked up.
 * @param casesOf the contact's cases that the actor may see, newest first: matters are a higher module, so entry/ hands it in
 */
export const callRoutes = (identity: Identity, casesOf: (actor: Actor, county: string, contact: string, language: Language) => Promise<CallersCase[]>): Mounted[] => [
  handle(contract.findContact, async ({ actor, body, language }) => {
    const county = body.county ?? actor.grants.find((grant) => holds(grant, identity.world.now()))?.county ?? '';
    const found = await identity.contacts.lookUp(actor, county, body.phone, { purpose: body.purpose, create: body.create ?? false, language: body.language ?? language });
    if (isRefusal(found)) return found;
    if (found === null) return { contact: null, matters: [] };
    const { id, maskedPhone, verified, isNew } = found;
    return { contact: { id, maskedPhone, verified, isNew }, matters: await casesOf(actor, county, id, language) };
  }),
  handle(contract.eraseContact, async ({ actor, body }) =>
    identity.contacts.eraseByPhone(actor, body.county ?? actor.grants.find((grant) => holds(grant, identity.world.now()))?.county ?? '', body.phone, body.asked)),
];

/** The addresses of what residents have agreed to. */
export const consentRoutes = ({ consents, accounts, world }: Identity): Mounted[] => {
  const viewsOf = async (items: readonly Consent[]): Promise<contract.ConsentView[]> => {
    const names = await accounts.names(world.db, [...new Set(items.map(({ holder }) => holder))]);
    return items.map(({ holder, givenAt, until, revokedAt, contact: _, ...rest }) => ({
      ...rest, scope: [...rest.scope], holder: { id: holder, name: names.get(holder) ?? null }, givenAt: iso(givenAt), until: iso(until), revokedAt: revokedAt === null ? null : iso(revokedAt),
    }));
  };
  const viewOf = async (one: Result<Consent>): Promise<Result<contract.ConsentView>> => (isRefusal(one) ? one : (await viewsOf([one]))[0]!);
  const countyOf = (actor: Actor, asked: string | undefined): string => asked ?? actor.grants[0]?.county ?? '';
  return [
    handle(contract.giveConsent, async ({ actor, body, language }) => {
      const until = moment(body.until);
      if (isRefusal(until)) return until;
      const given = Date.parse(body.done?.at ?? '');
      return viewOf(await consents.give(actor, countyOf(actor, body.county), {
        id: body.op, phone: body.phone, purpose: body.purpose, scope: body.scope, language: body.language ?? language, until: until ?? 0, givenAt: Number.isNaN(given) ? world.now() : given,
        way: body.code !== undefined ? { code: body.code } : { ...(body.blobs?.[0] && { blob: body.blobs[0] }), ...(body.spoken !== undefined && { spoken: body.spoken }) },
      }));
    }),
    handle(contract.listConsents, async ({ actor, query }) => ({ items: await viewsOf(await consents.own(actor, countyOf(actor, query.county))) })),
    handle(contract.revokeConsent, async ({ actor, params, query }) => viewOf(await consents.revoke(actor, countyOf(actor, query.county), params.id))),
  ];
};
