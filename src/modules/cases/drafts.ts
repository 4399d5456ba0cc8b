import { createHash } from 'node:crypto';
import type { World } from '../../platform/world.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { Point, StoredPhoto } from './pages/desk.ts';

/** What a resident has answered so far. Everything that is null has not been asked or not been answered. */
export interface Draft {
  /** Under which the report is made, once, however often it is sent. */
  readonly op: string;
  readonly photos: readonly StoredPhoto[];
  /** The question of the photo was answered, with one or without. */
  readonly photoAsked: boolean;
  readonly point: Point | null;
  readonly source: 'photo' | 'device' | 'plate' | 'map' | 'address' | 'list' | null;
  readonly address: string | null;
  /** Names of the place from the town down; empty where it is not known. */
  readonly placeNames: readonly string[];
  readonly placeCode: string | null;
  /** What the map shows, in the middle, and the pin that is not confirmed yet. */
  readonly map: { readonly lng: number; readonly lat: number; readonly zoom: number; readonly pin: Point | null; readonly turn: number } | null;
  readonly component: { readonly code: string; readonly name: string; readonly kindName: string } | null;
  readonly kind: { readonly key: string; readonly name: string } | null;
  /** `said`: it is none of the components nearby; `none`: there are none nearby, so nobody was asked. */
  readonly otherThing: 'said' | 'none' | null;
  /** Said that it is none of the cases reported nearby. */
  readonly notSame: boolean;
  readonly description: string;
  /** What kind of case it is, as people say, with what is asked about it; null where nothing is. */
  readonly category: { readonly code: string; readonly name: string; readonly anonymous: boolean; readonly notice: string | null; readonly asks: readonly { readonly code: string; readonly when: { readonly question: string; readonly is: readonly string[] } | null }[] } | null;
  /** By the codes of the questions. */
  readonly answers: Readonly<Record<string, readonly string[]>>;
  /** Questions that were left out. */
  readonly passed: readonly string[];
  /** Not to be tied to the phone that was checked in this browser. */
  readonly unnamed: boolean;
  /** A phone that a code was sent to and that is not checked yet. */
  readonly phone: string | null;
  readonly maskedPhone: string | null;
  /** Set once it was sent; then nothing else of the draft is kept. */
  readonly sent: { readonly token: string; readonly number: string; readonly together: boolean } | null;
}

/** A draft with nothing answered. */
export const emptyDraft = (op: string): Draft => ({
  op, photos: [], photoAsked: false, point: null, source: null, address: null, placeNames: [], placeCode: null, map: null,
  component: null, kind: null, otherThing: null, notSame: false, description: '', category: null, answers: {}, passed: [], unnamed: false, phone: null, maskedPhone: null, sent: null,
});

/** Milliseconds that an untouched draft is kept. */
export const draftLife = 24 * 3_600_000;

/** Keys of drafts: 22 characters of base64url, 128 bits. */
export const isDraftKey = (text: string): boolean => /^[A-Za-z0-9_-]{22}$/.test(text);

const idOf = (key: string): Buffer => createHash('sha256').update(`case draft\n${key}`).digest();

/** Index: primary key of case_draft. */
const write = (tx: Tx, county: string, id: Buffer, body: Buffer, now: Date): Promise<unknown> =>
  tx.query(
    `insert into case_draft (county, id, body, touched_at) values ($1, $2, $3, $4)
     on conflict (county, id) do update set body = excluded.body, touched_at = excluded.touched_at`,
    [county, id, body, now], 'case_draft_write');

/** Index: primary key of case_draft. */
const read = (tx: Tx, county: string, id: Buffer, since: Date): Promise<{ body: Buffer }[]> =>
  tx.query<{ body: Buffer }>('select body from case_draft where county = $1 and id = $2 and touched_at > $3', [county, id, since], 'case_draft_read');

/** Index: case_draft_touched. */
const remove = (tx: Tx, county: string, before: Date): Promise<{ id: Buffer }[]> =>
  tx.query<{ id: Buffer }>('delete from case_draft where county = $1 and touched_at <= $2 returning id', [county, before]);

/** Index: primary key of case_draft. */
const removeOne = (tx: Tx, county: string, id: Buffer): Promise<unknown> => tx.query('delete from case_draft where county = $1 and id = $2', [county, id]);

/** Where begun reports are kept. */
export interface Drafts {
  /** Keeps a new draft and gives the key that opens it. */
  start(draft: Draft): Promise<string>;
  /** Undefined where the key opens nothing, or the draft was not touched for a day. */
  find(key: string): Promise<Draft | undefined>;
  save(key: string, draft: Draft): Promise<void>;
  /** Removes one; a key that opens nothing is let be. */
  drop(key: string): Promise<void>;
  /** Removes those that were not touched for a day; says how many. A worker calls it now and then. */
  sweep(): Promise<number>;
}

/** Drafts of one county, sealed under the installation's data key. */
export const createDrafts = (world: World, county: string): Drafts => {
  const seal = (draft: Draft): Buffer => world.keys.seal(JSON.stringify(draft), 'case.draft');
  const oldest = (): Date => new Date(world.now() - draftLife);
  const save = async (key: string, draft: Draft): Promise<void> => {
    await write(world.db, county, idOf(key), seal(draft), new Date(world.now()));
  };
  return {
    async start(draft) {
      const key = Buffer.from(world.random.bytes(16)).toString('base64url');
      await save(key, draft);
      return key;
    },
    async find(key) {
      if (!isDraftKey(key)) return undefined;
      const row = (await read(world.db, county, idOf(key), oldest()))[0];
      return row && (JSON.parse(world.keys.open(row.body, 'case.draft')) as Draft);
    },
    save,
    async drop(key) {
      if (isDraftKey(key)) await removeOne(world.db, county, idOf(key));
    },
    sweep: async () => (await remove(world.db, county, oldest())).length,
  };
};
