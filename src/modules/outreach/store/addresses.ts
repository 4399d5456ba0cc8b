import type { Tx } from '../../../platform/database/database.ts';

/** Channels whose addresses are kept here. An `email` is one that waits to be confirmed. */
export type KeptChannel = 'push' | 'wechat' | 'email';

export interface AddressRow {
  readonly county: string;
  readonly recipient: string;
  readonly channel: KeptChannel;
  readonly address: Buffer;
}

/** Keeps an address of somebody; what it was before under its mark is forgotten. By reach_address_whose. */
export const keepAddress = (tx: Tx, row: AddressRow & { readonly id: string; readonly mark: Buffer; readonly at: Date }): Promise<unknown> =>
  tx.query(`
    insert into reach_address (county, id, channel, recipient, mark, address, created_at) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (county, channel, mark, recipient) do update set address = excluded.address, created_at = excluded.created_at`,
  [row.county, row.id, row.channel, row.recipient, row.mark, row.address, row.at], 'outreach_address_keep');

/** Takes an address from everybody else. By reach_address_whose. */
export const dropOfOthers = (tx: Tx, county: string, channel: KeptChannel, mark: Buffer, recipient: string): Promise<unknown> =>
  tx.query('delete from reach_address where county = $1 and channel = $2 and mark = $3 and recipient <> $4', [county, channel, mark, recipient], 'outreach_address_take');

/** Takes one address from one person. By reach_address_whose. */
export const dropAddress = (tx: Tx, county: string, recipient: string, channel: KeptChannel, mark: Buffer): Promise<unknown> =>
  tx.query('delete from reach_address where county = $1 and channel = $2 and mark = $3 and recipient = $4', [county, channel, mark, recipient]);

/** Whether somebody has an address, in whatever county. By reach_address_whose, once a county. */
export const isKept = async (tx: Tx, channel: KeptChannel, mark: Buffer): Promise<boolean> =>
  (await tx.query(`
    select 1 from county c where exists (select 1 from reach_address a where a.county = c.county and a.channel = $1 and a.mark = $2) limit 1`, [channel, mark])).length > 0;

/** Deletes all but the newest addresses of somebody in a channel. By reach_address_recipient. */
export const keepNewest = (tx: Tx, county: string, recipient: string, channel: KeptChannel, most: number): Promise<unknown> =>
  tx.query(`
    delete from reach_address where county = $1 and id in (
      select id from reach_address where county = $1 and recipient = $2 and channel = $3 order by created_at desc, id desc offset $4)`,
  [county, recipient, channel, most], 'outreach_address_newest');

/** By reach_address_recipient. */
export const addressesOf = (tx: Tx, counties: readonly string[], recipients: readonly string[]): Promise<AddressRow[]> =>
  tx.query<AddressRow>(`
    select county, recipient, channel, address from reach_address where county = any($1::text[]) and recipient = any($2::text[]) order by created_at, id`,
  [counties, recipients], 'outreach_addresses');

/** By reach_address_whose. */
export const dropAddresses = (tx: Tx, county: string, channel: KeptChannel, marks: readonly Buffer[]): Promise<unknown> =>
  tx.query('delete from reach_address where county = $1 and channel = $2 and mark = any($3::bytea[])', [county, channel, marks], 'outreach_address_drop');

/** All addresses of somebody, in one channel or in every. */
export const dropAddressesOf = (tx: Tx, county: string, recipient: string, channel: KeptChannel | null): Promise<unknown> =>
  tx.query('delete from reach_address where county = $1 and recipient = $2 and ($3::text is null or channel = $3)', [county, recipient, channel]);

/** Whom an address belongs to. By reach_address_whose. */
export const findByMark = async (tx: Tx, county: string, channel: KeptChannel, mark: Buffer): Promise<string | undefined> =>
  (await tx.query<{ recipient: string }>('select recipient from reach_address where county = $1 and channel = $2 and mark = $3', [county, channel, mark]))[0]?.recipient;

/** The county's key pair for push services; the one that was there first. */
export const keepPushKey = async (
  tx: Tx, row: { readonly county: string; readonly id: string; readonly publicKey: string; readonly privateKey: Buffer; readonly at: Date },
): Promise<void> => {
  await tx.query(`
    insert into push_key (county, id, public_key, private_key, created_at) values ($1, $2, $3, $4, $5) on conflict (county) do nothing`,
  [row.county, row.id, row.publicKey, row.privateKey, row.at]);
};

export const findPushKey = async (tx: Tx, county: string): Promise<{ readonly public_key: string; readonly private_key: Buffer } | undefined> =>
  (await tx.query<{ public_key: string; private_key: Buffer }>('select public_key, private_key from push_key where county = $1', [county]))[0];

/** Whose key this is; the public key is the county's own, so that one has it at most. Few rows: one a county. */
export const countyOfPushKey = async (tx: Tx, publicKey: string): Promise<string | undefined> =>
  (await tx.query<{ county: string }>('select county from push_key where public_key = $1', [publicKey]))[0]?.county;

/** The sealed keys of all counties, for whoever looks whether they open. */
export const pushKeys = (tx: Tx): Promise<{ county: string; private_key: Buffer }[]> =>
  tx.query('select county, private_key from push_key order by county');
