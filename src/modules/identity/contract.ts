import { Type, type Static, type TSchema } from 'typebox';
import { languages } from '../../base/text/language.ts';
import { route } from '../../base/route.ts';

const uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
/** RFC 3339 in UTC. */
const time = Type.String();
const county = Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' });
const language = Type.Union(languages.map((one) => Type.Literal(one)));
const closed = { additionalProperties: false } as const;
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 100 }));
/** 12 to 128 characters of any kind: length is what makes a password hard to guess (NIST SP 800-63B, 3.1.1.2). */
const newPassword = Type.String({ minLength: 12, maxLength: 128 });
const token = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
const phone = Type.String({ minLength: 7, maxLength: 24 });
const nothing = Type.Object({ done: Type.Literal(true) });

/** A grant as people read it; labels are in the caller's language. */
export const GrantView = Type.Object({
  id: Type.String(), county: Type.String(), role: Type.String(), roleLabel: Type.String(),
  unit: nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  /** Everything whose stored path starts with this; empty: the whole county. */
  place: Type.String(), purpose: nullable(Type.String()), from: time, until: nullable(time),
});
export type GrantView = Static<typeof GrantView>;

/** Who is signed in, with the grants that hold now and the permissions that follow from them. */
export const SessionView = Type.Object({
  id: Type.String(), kind: Type.String(), name: nullable(Type.String()), grants: Type.Array(GrantView),
  permissions: Type.Array(Type.String()), expiresAt: nullable(time),
  /** Time zone of the county that the first right is for: pages say times in it. */
  zone: Type.String(),
});
export type SessionView = Static<typeof SessionView>;

export const signIn = route({
  name: 'identity.sign_in', method: 'POST', path: '/api/session', who: 'anyone', perMinute: 60,
  summary: 'Signs in with an account and its password and sets the session cookie.',
  body: Type.Object({ account: Type.String({ minLength: 1, maxLength: 64 }), password: Type.String({ minLength: 1, maxLength: 128 }) }, closed),
  response: SessionView,
});

export const readSession = route({
  name: 'identity.session', method: 'GET', path: '/api/session', who: 'session',
  summary: 'Who is signed in, with grants and permissions.', response: SessionView,
});

export const signOut = route({
  name: 'identity.sign_out', method: 'DELETE', path: '/api/session', who: 'anyone',
  summary: 'Ends the session, on the server too, and takes the cookie away.', response: nothing,
});

export const changePassword = route({
  name: 'identity.change_password', method: 'POST', path: '/api/session/password', who: 'session', perMinute: 20,
  summary: 'Changes one\'s own password; all other sessions of the account end.',
  body: Type.Object({ old: Type.String({ minLength: 1, maxLength: 128 }), new: newPassword }, closed), response: nothing,
});

export const useLink = route({
  name: 'identity.use_link', method: 'POST', path: '/api/session/link', who: 'anyone', perMinute: 20,
  summary: 'Sets a password by a one-time link and signs in.',
  body: Type.Object({ token, password: newPassword }, closed), response: SessionView,
});

export const sendCode = route({
  name: 'identity.send_code', method: 'POST', path: '/api/contacts/code', who: 'anyone', status: 202, perMinute: 20,
  summary: 'Sends a code of six figures to a phone, to check that it is in the caller\'s hand.',
  body: Type.Object({ county: Type.Optional(county), phone, language: Type.Optional(language) }, closed),
  response: Type.Object({ maskedPhone: Type.String(), until: time }),
});

export const verifyCode = route({
  name: 'identity.verify_code', method: 'POST', path: '/api/contacts/verify', who: 'anyone', perMinute: 20,
  summary: 'Checks the code and signs the resident in.',
  body: Type.Object({ county: Type.Optional(county), phone, code: Type.String({ minLength: 6, maxLength: 16 }) }, closed),
  response: SessionView,
});

export const ContactView = Type.Object({
  id: Type.String(), county: Type.String(), phone: nullable(Type.String()), email: nullable(Type.String()),
  language: Type.String(), channel: Type.String(), verifiedAt: nullable(time), createdAt: time,
});
export type ContactView = Static<typeof ContactView>;

export const readOwnContact = route({
  name: 'identity.own_contact', method: 'GET', path: '/api/contacts/me', who: ['resident'],
  summary: 'Everything that is kept about the resident who is signed in, in full (PIPL article 45).', response: ContactView,
});

export const changeOwnContact = route({
  name: 'identity.change_own_contact', method: 'PUT', path: '/api/contacts/me', who: ['resident'],
  summary: 'Changes how a resident is reached: language, channel, e-mail address.',
  body: Type.Object({ language: Type.Optional(language), channel: Type.Optional(Type.Union([Type.Literal('sms'), Type.Literal('email'), Type.Literal('none')])), email: Type.Optional(nullable(Type.String({ maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$' }))) }, closed),
  response: ContactView,
});

export const eraseOwnContact = route({
  name: 'identity.erase_own_contact', method: 'DELETE', path: '/api/contacts/me', who: ['resident'],
  summary: 'Erases phone and address of the resident who is signed in and ends the session (PIPL article 47).', response: nothing,
});

export const UnitView = Type.Object({
  id: Type.String(), name: Type.String(), names: Type.Object({ 'zh-Hans': Type.String(), 'zh-Hant': Type.String(), en: Type.String() }),
  kind: Type.String(), parent: nullable(Type.String()), phone: nullable(Type.String()),
  /** Codes of the places that it serves; empty: the whole county. */
  places: Type.Array(Type.String()), closed: Type.Boolean(),
});
export type UnitView = Static<typeof UnitView>;

export const staff = ['intake', 'dispatcher', 'operator', 'gridchief', 'gridworker', 'collector', 'unithandler', 'enforcer', 'head', 'commander', 'supervisor', 'clerk', 'approver', 'mediator', 'dossier', 'trainer', 'steward', 'admin', 'auditor'] as const;

export const listUnits = route({
  name: 'identity.units', method: 'GET', path: '/api/units', who: staff, summary: 'The units of a county.',
  query: Type.Object({ county: Type.Optional(county), after: Type.Optional(Type.String({ maxLength: 64 })), limit }, closed),
  response: Type.Object({ items: Type.Array(UnitView), next: nullable(Type.String()) }),
});

export const putUnit = route({
  name: 'identity.put_unit', method: 'PUT', path: '/api/units/:id', who: ['admin'], summary: 'Adds a unit or changes it.',
  params: Type.Object({ id: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }) }),
  body: Type.Object({ county: Type.Optional(county), name: Type.Object({ 'zh-Hans': Type.String({ minLength: 1, maxLength: 60 }), 'zh-Hant': Type.String({ minLength: 1, maxLength: 60 }), en: Type.String({ minLength: 1, maxLength: 120 }) }, closed), kind: Type.String({ pattern: '^[a-z]{1,24}$' }), parent: Type.Optional(nullable(Type.String({ maxLength: 40 }))), phone: Type.Optional(nullable(phone)), places: Type.Optional(Type.Array(Type.String({ pattern: '^[0-9A-Za-z-]{1,24}$' }), { maxItems: 200, uniqueItems: true })), closed: Type.Optional(Type.Boolean()) }, closed),
  response: UnitView,
});

export const listRoles = route({
  name: 'identity.roles', method: 'GET', path: '/api/roles', who: ['admin', 'auditor'], summary: 'The roles that can be granted, and what they may.',
  response: Type.Object({ items: Type.Array(Type.Object({ role: Type.String(), label: Type.String(), needsUnit: Type.Boolean(), permissions: Type.Array(Type.String()), /** In the caller's language: what it sees, what it does, and what the county withholds from it. */ sees: Type.Array(Type.String()), does: Type.Array(Type.String()), withheld: Type.Array(Type.String()), reads: Type.Array(Type.Object({ kinds: Type.Array(Type.String()), within: Type.String() })) })) }),
});

export const AccountView = Type.Object({
  id: Type.String(), kind: Type.String(), login: Type.String(), name: Type.String(), maskedPhone: nullable(Type.String()), maskedEmail: nullable(Type.String()),
  language: Type.String(), channel: Type.String(), disabled: Type.Boolean(), hasPassword: Type.Boolean(), roles: Type.Array(Type.String()),
});
export type AccountView = Static<typeof AccountView>;

export const listAccounts = route({
  name: 'identity.accounts', method: 'GET', path: '/api/accounts', who: ['admin', 'auditor'],
  summary: 'Accounts that a county looks after or has granted something to.',
  query: Type.Object({ county: Type.Optional(county), text: Type.Optional(Type.String({ maxLength: 64 })), role: Type.Optional(Type.String({ maxLength: 40 })), kind: Type.Optional(Type.Union([Type.Literal('person'), Type.Literal('program')])), after: Type.Optional(Type.String({ maxLength: 64 })), limit }, closed),
  response: Type.Object({ items: Type.Array(AccountView), next: nullable(Type.String()) }),
});

export const exportAccounts = route({
  name: 'identity.export_accounts', method: 'GET', path: '/api/accounts/export', who: ['admin', 'auditor'], perMinute: 20,
  summary: 'The whole list of accounts as a table, CSV or XLSX, numbers and addresses masked. Who exported what is traced.',
  query: Type.Object({ county: Type.Optional(county), text: Type.Optional(Type.String({ maxLength: 64 })), role: Type.Optional(Type.String({ maxLength: 40 })), format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed),
  response: Type.Unknown(), produces: 'application/octet-stream',
});

const idParam = Type.Object({ id: uuid });
const accountMembers = {
  phone: Type.Optional(nullable(phone)), email: Type.Optional(nullable(Type.String({ maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$' }))),
  language: Type.Optional(language), channel: Type.Optional(Type.Union([Type.Literal('sms'), Type.Literal('email')])),
};
const Linked = Type.Object({ account: AccountView, /** Opens once, within three days; shown to the administrator only now. Null for programs. */ link: nullable(Type.String()) });

export const readAccount = route({
  name: 'identity.account', method: 'GET', path: '/api/accounts/:id', who: ['admin', 'auditor'], summary: 'An account with its grants in the county.',
  params: idParam, query: Type.Object({ county: Type.Optional(county) }, closed),
  response: Type.Object({ account: AccountView, grants: Type.Array(GrantView), tokens: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), roles: Type.Array(Type.String()), expiresAt: time, revoked: Type.Boolean() })) }),
});

export const createAccount = route({
  name: 'identity.create_account', method: 'POST', path: '/api/accounts', who: ['admin'], status: 201, summary: 'Makes an account and the one-time link by which its owner sets a password.',
  body: Type.Object({ county: Type.Optional(county), kind: Type.Optional(Type.Union([Type.Literal('person'), Type.Literal('program')])), login: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{1,63}$' }), name: Type.String({ minLength: 1, maxLength: 60 }), ...accountMembers }, closed),
  response: Linked,
});

export const changeAccount = route({
  name: 'identity.change_account', method: 'PUT', path: '/api/accounts/:id', who: ['admin'], summary: 'Changes an account; disabling it ends its sessions at once.',
  params: idParam, body: Type.Object({ name: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })), disabled: Type.Optional(Type.Boolean()), ...accountMembers }, closed),
  response: AccountView,
});

export const makeLink = route({
  name: 'identity.make_link', method: 'POST', path: '/api/accounts/:id/link', who: ['admin'], summary: 'Makes a new one-time link; earlier ones open nothing any more.',
  params: idParam, response: Linked,
});

export const giveGrant = route({
  name: 'identity.give_grant', method: 'POST', path: '/api/accounts/:id/grants', who: ['admin'], status: 201, summary: 'Grants a role, for a unit, under a place, from a time until another. Nobody grants to themselves.',
  params: idParam,
  body: Type.Object({ county: Type.Optional(county), role: Type.String({ maxLength: 40 }), unit: Type.Optional(nullable(Type.String({ maxLength: 40 }))), place: Type.String({ pattern: '^([0-9A-Za-z-]{1,24}/)*$', maxLength: 160 }), purpose: Type.Optional(nullable(Type.String({ pattern: '^[a-z_]{1,40}$' }))), from: Type.Optional(time), until: Type.Optional(nullable(time)) }, closed),
  response: GrantView,
});

export const listGrants = route({
  name: 'identity.grants', method: 'GET', path: '/api/grants', who: ['admin', 'auditor'], summary: 'Who holds what, for which unit, where and until when.',
  query: Type.Object({ county: Type.Optional(county), role: Type.Optional(Type.String({ maxLength: 40 })), unit: Type.Optional(Type.String({ maxLength: 40 })), ended: Type.Optional(Type.Boolean()), after: Type.Optional(Type.String({ maxLength: 120 })), limit }, closed),
  response: Type.Object({ items: Type.Array(Type.Object({ account: Type.String(), name: Type.String(), login: Type.String(), disabled: Type.Boolean(), grant: GrantView })), next: nullable(Type.String()) }),
});

export const previewGrant = route({
  name: 'identity.preview_grant', method: 'POST', path: '/api/accounts/:id/grants/preview', who: ['admin'], summary: 'What a person would newly see and do with a role; nothing is written.',
  params: idParam, body: Type.Object({ county: Type.Optional(county), role: Type.String({ maxLength: 40 }), unit: Type.Optional(nullable(Type.String({ maxLength: 40 }))), place: Type.String({ pattern: '^([0-9A-Za-z-]{1,24}/)*$', maxLength: 160 }) }, closed),
  response: Type.Object({ sees: Type.Array(Type.String()), does: Type.Array(Type.String()), already: Type.Array(Type.String()) }),
});

export const endGrant = route({
  name: 'identity.end_grant', method: 'DELETE', path: '/api/grants/:id', who: ['admin'], summary: 'Ends a grant now. It stays on record.',
  params: idParam, query: Type.Object({ county: Type.Optional(county) }, closed), response: GrantView,
});

export const makeToken = route({
  name: 'identity.make_token', method: 'POST', path: '/api/accounts/:id/tokens', who: ['admin'], status: 201, summary: 'Makes a bearer token of a program, narrowed to some of its roles. It is shown only now.',
  params: idParam, body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 60 }), roles: Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 20 }), days: Type.Integer({ minimum: 1, maximum: 400 }) }, closed),
  response: Type.Object({ id: Type.String(), token: Type.String(), expiresAt: time }),
});

export const revokeToken = route({
  name: 'identity.revoke_token', method: 'DELETE', path: '/api/accounts/:id/tokens/:token', who: ['admin'], summary: 'Takes a program\'s token away, at once.',
  params: Type.Object({ id: uuid, token: uuid }), response: nothing,
});

/** Who may see a reporter's number where the grant's place holds the matter; whether they see the matter is checked too. */
const revealers = ['gridworker', 'gridchief', 'operator', 'intake', 'dispatcher', 'unithandler', 'enforcer', 'clerk', 'mediator', 'dossier'] as const;

export const revealReporter = route({
  name: 'identity.reveal', method: 'POST', path: '/api/matters/:id/reveal', who: revealers, perMinute: 30,
  summary: 'Shows the phone of a matter\'s reporter, for a purpose; who looked, when and what for is an entry of the ledger.',
  params: idParam,
  body: Type.Object({ purpose: Type.Union([Type.Literal('call_back'), Type.Literal('visit'), Type.Literal('danger'), Type.Literal('complaint'), Type.Literal('court')]) }, closed),
  response: Type.Object({ phone: nullable(Type.String()), email: nullable(Type.String()), purposeLabel: Type.String() }),
});

/** Who takes calls and may find out whose number it is. */
const callTakers = ['intake', 'operator', 'dispatcher'] as const;

export const findContact = route({
  name: 'identity.find_contact', method: 'POST', path: '/api/contacts/find', who: callTakers, perMinute: 30,
  summary: 'Whom a phone belongs to, masked, with their cases as far as the caller may see them; every look is an entry of the ledger. `create` makes the contact where there is none, for a report that is taken by phone.',
  body: Type.Object({
    county: Type.Optional(county), phone, create: Type.Optional(Type.Boolean()), language: Type.Optional(language),
    purpose: Type.Union([Type.Literal('intake'), Type.Literal('call_back'), Type.Literal('danger'), Type.Literal('complaint')]),
  }, closed),
  response: Type.Object({
    /** Null for a phone that is not known. */
    contact: nullable(Type.Object({ id: Type.String(), maskedPhone: nullable(Type.String()), verified: Type.Boolean(), isNew: Type.Boolean() })),
    matters: Type.Array(Type.Object({ id: Type.String(), number: Type.String(), title: Type.String(), state: Type.String(), stateLabel: Type.String(), open: Type.Boolean(), at: time })),
  }),
});

export const eraseContact = route({
  name: 'identity.erase_contact', method: 'POST', path: '/api/contacts/erase', who: callTakers, perMinute: 10,
  summary: 'Erases the data of the resident whom a phone belongs to, who asked for it on the phone, at a window or in a letter (PIPL article 47). It cannot be undone; an entry of the ledger says who did it.',
  body: Type.Object({ county: Type.Optional(county), phone, asked: Type.Union([Type.Literal('window'), Type.Literal('call'), Type.Literal('letter')]) }, closed),
  response: nothing,
});

/** What a resident has agreed to. */
export const ConsentView = Type.Object({
  id: Type.String(), holder: Type.Object({ id: Type.String(), name: nullable(Type.String()) }), maskedPhone: nullable(Type.String()), purpose: Type.String(), scope: Type.Array(Type.String()),
  way: Type.String(), givenAt: time, until: time, revokedAt: nullable(time),
});
export type ConsentView = Static<typeof ConsentView>;

/** Who may take a resident's consent. */
const consentTakers = ['gridworker', 'gridchief', 'collector', 'proxy'] as const;
const consentScope = Type.Union([Type.Literal('report'), Type.Literal('rate'), Type.Literal('visit_notes')]);

export const giveConsent = route({
  name: 'identity.give_consent', method: 'POST', path: '/api/consents', who: consentTakers, status: 201, perMinute: 30,
  summary: 'Notes what a resident has agreed to, by the code that was sent to their phone or before a witness: a picture of a signature, or what they said. They are told by SMS.',
  body: Type.Object({
    op: uuid, county: Type.Optional(county), phone, language: Type.Optional(language), purpose: Type.Union([Type.Literal('visit'), Type.Literal('proxy')]),
    scope: Type.Array(consentScope, { minItems: 1, maxItems: 3 }), until: time,
    code: Type.Optional(Type.String({ minLength: 6, maxLength: 16 })), blobs: Type.Optional(Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), { maxItems: 1 })), spoken: Type.Optional(Type.String({ maxLength: 500 })),
    done: Type.Optional(Type.Object({ at: Type.String({ maxLength: 30 }), corrected: Type.Optional(Type.Integer()) }, closed)),
  }, closed),
  response: ConsentView,
});

export const listConsents = route({
  name: 'identity.consents', method: 'GET', path: '/api/consents', who: [...consentTakers, 'resident'],
  summary: 'Consents that the caller holds; those that they gave, for a resident.',
  query: Type.Object({ county: Type.Optional(county) }, closed), response: Type.Object({ items: Type.Array(ConsentView) }),
});

export const revokeConsent = route({
  name: 'identity.revoke_consent', method: 'DELETE', path: '/api/consents/:id', who: [...consentTakers, 'resident', 'admin'],
  summary: 'Takes a consent back, from now on. What was noted under it is erased.',
  params: idParam, query: Type.Object({ county: Type.Optional(county) }, closed), response: ConsentView,
});
