import type { Grant } from '../../../base/actor.ts';
import type { Tx } from '../../../platform/database/database.ts';

/** Grants as JSON, with times in milliseconds since 1970: those that hold at $2 and those that begin later. */
const grantsOf = (account: string): string => `
  coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'county', g.county, 'role', g.role, 'unit', g.unit, 'place', g.place,
      'purpose', g.purpose, 'from', (extract(epoch from g.valid_from) * 1000)::bigint,
      'until', (extract(epoch from g.valid_until) * 1000)::bigint) order by g.county, g.id)
    from account_grant g where g.account = ${account} and (g.valid_until is null or g.valid_until > $2)), '[]')`;

export interface SessionRow {
  readonly account: string | null;
  readonly county: string | null;
  readonly contact: string | null;
  readonly seen_at: Date;
  readonly expires_at: Date;
  readonly name: string | null;
  readonly kind: 'person' | 'program' | null;
  readonly grants: Grant[];
}

/** A session that has not ended, of an account that is not disabled, with the account's grants. By the key. */
export const findSession = async (tx: Tx, token: Buffer, now: Date): Promise<SessionRow | undefined> =>
  (await tx.query<SessionRow>(`
    select s.account, s.county, s.contact, s.seen_at, s.expires_at, a.name, a.kind, ${grantsOf('s.account')} as grants
    from session s left join account a on a.id = s.account
    where s.token = $1 and s.expires_at > $2 and a.disabled_at is null`, [token, now], 'identity_session'))[0];

export interface ProgramRow {
  readonly account: string;
  readonly name: string;
  readonly roles: string[];
  readonly grants: Grant[];
}

/** A program's token that holds, of an account that is not disabled. By the unique key of the token. */
export const findProgram = async (tx: Tx, token: Buffer, now: Date): Promise<ProgramRow | undefined> =>
  (await tx.query<ProgramRow>(`
    select t.account, a.name, t.roles, ${grantsOf('t.account')} as grants
    from program_token t join account a on a.id = t.account
    where t.token = $1 and t.expires_at > $2 and t.revoked_at is null and a.disabled_at is null`, [token, now], 'identity_program'))[0];

export const insertSession = (
  tx: Tx, session: { token: Buffer; account: string | null; county: string | null; contact: string | null; now: Date; until: Date },
): Promise<unknown> =>
  tx.query('insert into session (token, account, county, contact, created_at, seen_at, expires_at) values ($1, $2, $3, $4, $5, $5, $6)',
    [session.token, session.account, session.county, session.contact, session.now, session.until]);

export const touchSession = (tx: Tx, token: Buffer, now: Date): Promise<unknown> =>
  tx.query('update session set seen_at = $2 where token = $1 and seen_at < $2', [token, now]);

export const deleteSession = (tx: Tx, token: Buffer): Promise<unknown> => tx.query('delete from session where token = $1', [token]);

export const deleteSessionsOf = (tx: Tx, account: string, but: Buffer | null): Promise<unknown> =>
  tx.query('delete from session where account = $1 and ($2::bytea is null or token <> $2)', [account, but]);

export const deleteSessionsOfContact = (tx: Tx, county: string, contact: string): Promise<unknown> =>
  tx.query('delete from session where county = $1 and contact = $2', [county, contact]);

/** Sessions, links and pauses that nobody can use any more. By the index on expires_at. */
export const sweepSessions = async (tx: Tx, now: Date, idleSince: Date): Promise<void> => {
  await tx.query('delete from session where expires_at <= $1', [now]);
  await tx.query('delete from one_time_link where expires_at <= $1', [idleSince]);
  await tx.query('delete from sign_in_pause where next_at <= $1', [idleSince]);
  await tx.query('delete from code_check where expires_at <= $1', [idleSince]);
};

/** How long this login has to wait until it may be tried again, or undefined where it need not. */
export const findPause = async (tx: Tx, login: Buffer, now: Date): Promise<Date | undefined> =>
  (await tx.query<{ next_at: Date }>('select next_at from sign_in_pause where login = $1 and next_at > $2', [login, now]))[0]?.next_at;

/**
 * Counts a wrong password: the sixth makes the next try wait a second, each further one twice as long, up to 15 minutes.
 * What is a day old is forgotten.
 */
export const countFailure = (tx: Tx, login: Buffer, now: Date): Promise<unknown> =>
  tx.query(`
    insert into sign_in_pause as p (login, failures, next_at) values ($1, 1, $2)
    on conflict (login) do update set
      failures = case when p.next_at < $2::timestamptz - interval '1 day' then 1 else p.failures + 1 end,
      next_at = $2::timestamptz + case when p.next_at < $2::timestamptz - interval '1 day' or p.failures < 5 then interval '0'
        else least(interval '15 minutes', interval '1 second' * power(2, least(p.failures - 5, 12))) end`, [login, now]);

export const clearPause = (tx: Tx, login: Buffer): Promise<unknown> => tx.query('delete from sign_in_pause where login = $1', [login]);
