import type { Grant } from '../../../base/actor.ts';
import type { Language } from '../../../base/text/language.ts';
import type { Tx } from '../../../platform/database/database.ts';

export interface AccountRow {
  readonly id: string;
  readonly kind: 'person' | 'program';
  readonly login: string;
  readonly home: string;
  readonly name: string;
  readonly password: string | null;
  readonly phone: Buffer | null;
  readonly email: Buffer | null;
  readonly language: Language;
  readonly channel: 'sms' | 'email';
  readonly disabled_at: Date | null;
}

const columns = 'id, kind, login, home, name, password, phone, email, language, channel, disabled_at';

export const findAccountByLogin = async (tx: Tx, login: string): Promise<AccountRow | undefined> =>
  (await tx.query<AccountRow>(`select ${columns} from account where login = $1`, [login]))[0];

export const accountsByLogin = (tx: Tx, logins: readonly string[]): Promise<AccountRow[]> =>
  tx.query<AccountRow>(`select ${columns} from account where login = any($1)`, [logins]);

export const findAccount = async (tx: Tx, id: string): Promise<AccountRow | undefined> =>
  (await tx.query<AccountRow>(`select ${columns} from account where id = $1`, [id], 'identity_account'))[0];

export const findAccounts = (tx: Tx, ids: readonly string[]): Promise<AccountRow[]> =>
  tx.query<AccountRow>(`select ${columns} from account where id = any($1::uuid[])`, [ids], 'identity_accounts');

/** False where the login is taken. */
export const insertAccount = async (tx: Tx, account: Omit<AccountRow, 'disabled_at'>, now: Date): Promise<boolean> =>
  (await tx.query(`
    insert into account (id, kind, login, home, name, password, phone, email, language, channel, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) on conflict (login) do nothing returning id`,
  [account.id, account.kind, account.login, account.home, account.name, account.password, account.phone, account.email,
    account.language, account.channel, now])).length === 1;

/** What may change of an account; an absent member stays as it is. */
export interface AccountChange {
  readonly name?: string;
  readonly phone?: Buffer | null;
  readonly email?: Buffer | null;
  readonly language?: Language;
  readonly channel?: 'sms' | 'email';
  readonly disabled_at?: Date | null;
  readonly password?: string;
}

export const updateAccount = (tx: Tx, id: string, change: AccountChange, now: Date): Promise<unknown> =>
  tx.query(`
    update account set updated_at = $2,
      name = coalesce($3, name), language = coalesce($4, language), channel = coalesce($5, channel), password = coalesce($6, password),
      phone = case when $7 then $8 else phone end, email = case when $9 then $10 else email end,
      disabled_at = case when $11 then $12 else disabled_at end
    where id = $1`,
  [id, now, change.name ?? null, change.language ?? null, change.channel ?? null, change.password ?? null,
    'phone' in change, change.phone ?? null, 'email' in change, change.email ?? null, 'disabled_at' in change, change.disabled_at ?? null]);

export interface AccountListRow extends AccountRow {
  readonly roles: string[];
}

/**
 * Accounts looked after by a county or with a grant in it, by login, after `after`; `like` narrows by the beginning of the
 * login or a part of the name. By account_home and account_grant_role.
 */
export const listAccounts = (
  tx: Tx, county: string, now: Date, filter: { after: string; text: string | null; role: string | null; kind: string | null; limit: number },
): Promise<AccountListRow[]> =>
  tx.query<AccountListRow>(`
    select ${columns}, coalesce((select array_agg(distinct g.role order by g.role) from account_grant g
        where g.account = a.id and g.county = $1 and g.valid_from <= $2 and (g.valid_until is null or g.valid_until > $2)), '{}') as roles
    from account a
    where (a.home = $1 or exists (select 1 from account_grant g where g.county = $1 and g.account = a.id))
      and a.login > $3
      and ($4::text is null or starts_with(a.login, lower($4)) or strpos(a.name, $4) > 0)
      and ($5::text is null or exists (select 1 from account_grant g where g.county = $1 and g.account = a.id and g.role = $5
        and g.valid_from <= $2 and (g.valid_until is null or g.valid_until > $2)))
      and ($7::text is null or a.kind = $7)
    order by a.login limit $6`,
  [county, now, filter.after, filter.text, filter.role, filter.limit, filter.kind]);

/** Login and name of accounts that are in use. */
export const peopleOf = (tx: Tx, ids: readonly string[]): Promise<{ id: string; login: string; name: string }[]> =>
  tx.query(`select id, login, name from account where id = any($1::uuid[]) and kind = 'person' and disabled_at is null`, [ids], 'identity_people');

export const namesOf = (tx: Tx, ids: readonly string[]): Promise<{ id: string; name: string }[]> =>
  tx.query('select id, name from account where id = any($1::uuid[])', [ids], 'identity_names');

interface GrantRow {
  readonly id: string; readonly county: Grant['county']; readonly role: string; readonly unit: Grant['unit']; readonly place: Grant['place'];
  readonly purpose: string | null; readonly valid_from: Date; readonly valid_until: Date | null;
}

const grantOf = (row: GrantRow): Grant => ({
  id: row.id, county: row.county, role: row.role, unit: row.unit, place: row.place, purpose: row.purpose,
  from: row.valid_from.getTime(), until: row.valid_until?.getTime() ?? null,
});

const grantColumns = 'id, county, role, unit, place, purpose, valid_from, valid_until';

/** Every grant of an account, also those that have ended; of one county where given. */
export const grantsOfAccount = async (tx: Tx, account: string, county: string | null): Promise<Grant[]> =>
  (await tx.query<GrantRow>(`select ${grantColumns} from account_grant where account = $1 and ($2::text is null or county = $2) order by county, id`,
    [account, county])).map(grantOf);

export const findGrant = async (tx: Tx, county: string, id: string): Promise<{ readonly account: string; readonly grant: Grant } | undefined> => {
  const row = (await tx.query<GrantRow & { account: string }>(`select account, ${grantColumns} from account_grant where county = $1 and id = $2 for update`, [county, id]))[0];
  return row && { account: row.account, grant: grantOf(row) };
};

/** A grant with whose it is. */
export interface HeldRow {
  readonly account: string;
  readonly name: string;
  readonly login: string;
  readonly disabled: boolean;
  readonly grant: Grant;
}

/** What a list of grants asks for; null asks for nothing. */
export interface HeldFilter {
  readonly role: string | null;
  readonly unit: string | null;
  /** Those that have ended too. */
  readonly ended: boolean;
  /** `{login} {id}` of the last that was seen. */
  readonly after: string;
  readonly limit: number;
}

/** Who holds what in a county, by login (account_grant_role). */
export const heldGrants = async (tx: Tx, county: string, now: Date, { role, unit, ended, after, limit }: HeldFilter): Promise<HeldRow[]> =>
  (await tx.query<GrantRow & { account: string; name: string; login: string; disabled: boolean }>(
    `select g.id, g.county, g.role, g.unit, g.place, g.purpose, g.valid_from, g.valid_until, g.account, a.name, a.login, a.disabled_at is not null as disabled
     from account_grant g join account a on a.id = g.account
     where g.county = $1 and ($2::text is null or g.role = $2) and ($3::text is null or g.unit = $3) and ($4 or g.valid_until is null or g.valid_until > $5)
       and (a.login || ' ' || g.id::text) collate "C" > $6
     order by (a.login || ' ' || g.id::text) collate "C" limit $7`, [county, role, unit, ended, now, after, limit], 'identity_held'))
    .map(({ account, name, login, disabled, ...row }) => ({ account, name, login, disabled, grant: grantOf(row) }));

export const insertGrant = (tx: Tx, account: string, grant: Grant, now: Date): Promise<unknown> =>
  tx.query(`
    insert into account_grant (county, id, account, role, unit, place, purpose, valid_from, valid_until, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
  [grant.county, grant.id, account, grant.role, grant.unit, grant.place, grant.purpose, new Date(grant.from),
    grant.until === null ? null : new Date(grant.until), now]);

export const endGrant = (tx: Tx, county: string, id: string, until: Date): Promise<unknown> =>
  tx.query('update account_grant set valid_until = greatest($3::timestamptz, valid_from) where county = $1 and id = $2', [county, id, until]);

/** Accounts that hold a role now, of one unit and at one place where given: whom a message to an office goes to. */
export const holdersOf = async (
  tx: Tx, county: string, roles: readonly string[], unit: string | null, path: string | null, now: Date,
): Promise<string[]> =>
  (await tx.query<{ account: string }>(`
    select distinct g.account from account_grant g join account a on a.id = g.account
    where g.county = $1 and g.role = any($2) and ($3::text is null or g.unit = $3) and ($4::text is null or starts_with($4, g.place))
      and g.valid_from <= $5 and (g.valid_until is null or g.valid_until > $5) and a.kind = 'person' and a.disabled_at is null
    order by g.account`, [county, roles, unit, path, now], 'identity_holders')).map((row) => row.account);

/** Whether anybody looks after the county's accounts already: a password that opens an administrator's account. */
export const hasAdministrator = async (tx: Tx, county: string, now: Date): Promise<boolean> =>
  (await tx.query(`
    select 1 from account_grant g join account a on a.id = g.account
    where g.county = $1 and g.role = 'admin' and (g.valid_until is null or g.valid_until > $2)
      and a.password is not null and a.disabled_at is null limit 1`, [county, now])).length > 0;

export const insertLink = (tx: Tx, token: Buffer, account: string, now: Date, until: Date): Promise<unknown> =>
  tx.query('insert into one_time_link (token, account, created_at, expires_at) values ($1, $2, $3, $4)', [token, account, now, until]);

/** Earlier links of the account open nothing any more. */
export const voidLinks = (tx: Tx, account: string): Promise<unknown> => tx.query('delete from one_time_link where account = $1 and used_at is null', [account]);

/** Uses a link up; the account that it was for, or undefined where it does not hold. */
export const useLink = async (tx: Tx, token: Buffer, now: Date): Promise<string | undefined> =>
  (await tx.query<{ account: string }>(
    'update one_time_link set used_at = $2 where token = $1 and used_at is null and expires_at > $2 returning account', [token, now]))[0]?.account;

export const insertProgramToken = (
  tx: Tx, token: { id: string; digest: Buffer; account: string; name: string; roles: readonly string[]; now: Date; until: Date },
): Promise<unknown> =>
  tx.query('insert into program_token (id, token, account, name, roles, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)',
    [token.id, token.digest, token.account, token.name, token.roles, token.now, token.until]);

/** The account whose token it was, or undefined where there is no such token that holds. */
export const revokeProgramToken = async (tx: Tx, id: string, account: string, now: Date): Promise<boolean> =>
  (await tx.query('update program_token set revoked_at = $3 where id = $1 and account = $2 and revoked_at is null returning id', [id, account, now])).length === 1;

export const programTokensOf = (tx: Tx, account: string): Promise<{ id: string; name: string; roles: string[]; expires_at: Date; revoked_at: Date | null }[]> =>
  tx.query('select id, name, roles, expires_at, revoked_at from program_token where account = $1 order by id', [account]);
