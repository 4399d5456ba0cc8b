import { createHash } from 'node:crypto';
import { Counter } from 'prom-client';
import type { Actor } from '../../base/actor.ts';
import { type Digest, isDigest, nobody } from '../../base/ids.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../base/result.ts';
import type { World } from '../world.ts';
import { decodePicture, offeredWidth, smaller } from './decode.ts';
import { type BlobRow, counties, deleteBlob, findBlob, findBlobs, findOwnBlob, insertBlob, isUploader, lockBlob, oldBlobs } from './store.ts';

/** What the modules above know and pictures need to ask. */
export interface PictureRights {
  /** May this actor see something that the picture belongs to? */
  readonly mayRead: (actor: Actor, county: string, digest: Digest) => Promise<boolean>;
  /** Which of these belong to something (a matter, a draft) and stay. */
  readonly referenced: (county: string, digests: readonly Digest[]) => Promise<ReadonlySet<string>>;
}

/** A picture as it is kept, with what its original told. Place and time are for deciding, never for showing as they are. */
export interface Kept {
  readonly county: string;
  readonly served: Digest;
  readonly original: Digest;
  readonly type: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  /** Milliseconds since 1970. */
  readonly takenAt: number | null;
  /** WGS-84 degrees. */
  readonly point: { readonly lng: number; readonly lat: number } | null;
}

/** Pictures of a town: taken in, kept without what they tell of people, shown to those who may see them. */
export interface Pictures {
  /**
   * Takes a picture in. Refusals: 415 `pictures.kind`; 422 `pictures.not_a_picture`, `pictures.two_in_one`, `pictures.too_many_pixels`;
   * 503 `blobs.full`, `blobs.away`, `pictures.busy`. After a refusal nothing of it is left.
   */
  put(actor: Actor, county: string, bytes: Buffer): Promise<Result<Kept>>;
  /**
   * A picture that this actor sent in, to put it to use. A digest that somebody else sent, or that is only known, is
   * refused: 422 `pictures.unknown`. Nobody in particular (a visitor without an account) owns nothing here: what keeps a
   * visitor's pictures together is the draft they belong to; ask `about`.
   */
  own(actor: Actor, county: string, digest: string): Promise<Result<Kept>>;
  /** What is kept of a picture; undefined where the county has none. Asks for no right. */
  about(county: string, digest: string): Promise<Kept | undefined>;
  /** The bytes for somebody, as wide as wanted or the next size up. Refusal: 404 `pictures.unknown`. */
  read(actor: Actor, digest: string, wanted?: { readonly width?: number | undefined; readonly link?: { readonly until: number; readonly mark: string } | undefined }): Promise<Result<Buffer>>;
  /**
   * A path that shows a picture to whoever has it, until a time in milliseconds since 1970: for pages whose visitor has proved
   * to be the reporter in another way than by an account.
   */
  link(digest: string, until: number, width?: number): string;
  /** Removes a county's copy for good, and the bytes when no other county holds them. */
  erase(county: string, digest: string): Promise<void>;
  /** Removes what was sent more than two days ago and belongs to nothing, and bytes of the shelf that no row names. @returns how many. */
  sweep(): Promise<number>;
}

/**
 * How long a picture may belong to nothing. A resident's draft is kept for a day after it was last touched, and what a field
 * app has sent and cannot finish for want of a network waits too: two days cover both.
 */
const looseMs = 2 * 86_400_000;
/** Pictures decoded at the same time, and waiting for it: a decoded picture is up to 100 MB while it is being made smaller. */
const atOnce = 2;
const mostWaiting = 64;

const keptOf = (row: BlobRow): Kept => ({
  county: row.county, served: row.digest, original: row.original, type: row.type, bytes: row.bytes, width: row.width, height: row.height,
  takenAt: row.taken_at?.getTime() ?? null,
  point: row.lng !== null && row.lat !== null ? { lng: row.lng, lat: row.lat } : null,
});

/** Lets few in at a time; the rest wait in order, and beyond `mostWaiting` are told to come back. */
const createTurnstile = () => {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T | Refusal> => {
    if (inside >= atOnce) {
      if (waiting.length >= mostWaiting) return refuse(503, 'pictures.busy', { seconds: 5 });
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else inside++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inside--;
    }
  };
};

/** Small copies that were asked for lately, in memory, oldest out first. */
const createShelf = (mostBytes: number) => {
  const kept = new Map<string, Buffer>();
  let bytes = 0;
  return {
    get(key: string): Buffer | undefined {
      const found = kept.get(key);
      if (found) {
        kept.delete(key);
        kept.set(key, found);
      }
      return found;
    },
    set(key: string, value: Buffer): void {
      bytes += value.length - (kept.get(key)?.length ?? 0);
      kept.set(key, value);
      for (const [oldest, old] of kept) {
        if (bytes <= mostBytes) break;
        kept.delete(oldest);
        bytes -= old.length;
      }
    },
    forget(digest: string): void {
      for (const [key, value] of kept)
        if (key.startsWith(digest)) {
          kept.delete(key);
          bytes -= value.length;
        }
    },
  };
};

/** @param rights asked for every picture that the actor did not send in. */
export const createPictures = (world: World, rights: PictureRights): Pictures => {
  const { db, blobs, keys } = world;
  const turn = createTurnstile();
  const shelf = createShelf(33_554_432);
  const taken = new Counter({ name: 'lamplight_pictures_total', help: 'Pictures sent in, by what became of them.', labelNames: ['result'], registers: [world.metrics] });

  const mayRead = async (actor: Actor, digest: Digest): Promise<boolean> => {
    for (const { county } of await findBlobs(db, digest)) {
      if (actor.id !== nobody && (await isUploader(db, county, digest, actor.id))) return true;
      if (await rights.mayRead(actor, county, digest)) return true;
    }
    return false;
  };

  const remove = async (county: string, digest: Digest): Promise<void> => {
    await db.transaction(async (tx) => {
      await lockBlob(tx, digest);
      if (await deleteBlob(tx, county, digest)) await blobs.delete(digest);
    });
    shelf.forget(digest);
  };

  /** Bytes whose row never came to be, because the database went away between the two. */
  const removeOrphans = async (): Promise<number> => {
    let removed = 0;
    const everywhere = await counties(db);
    for await (const { digest, at } of blobs.list()) {
      if (world.now() - at < looseMs) continue;
      // What is no picture has no row here: files of open data, tables that are being brought in.
      let held = false;
      for (const county of everywhere) held ||= (await rights.referenced(county, [digest])).has(digest);
      if (held) continue;
      await db.transaction(async (tx) => {
        await lockBlob(tx, digest);
        if ((await findBlobs(tx, digest)).length === 0 && (await blobs.delete(digest))) removed++;
      });
    }
    return removed;
  };

  const marked = (digest: string, until: number): string => `${digest} ${until}`;

  return {
    async put(actor, county, bytes) {
      const decoded = await turn(() => decodePicture(bytes, world.now()));
      if (isRefusal(decoded)) {
        taken.labels(decoded.reason).inc();
        return decoded;
      }
      const digest = createHash('sha256').update(decoded.jpeg).digest('hex') as Digest;
      const row: BlobRow = {
        county, digest, original: decoded.original, type: 'image/jpeg', bytes: decoded.jpeg.length, width: decoded.width, height: decoded.height,
        taken_at: decoded.takenAt === null ? null : new Date(decoded.takenAt), lng: decoded.point?.lng ?? null, lat: decoded.point?.lat ?? null,
        created_at: new Date(world.now()),
      };
      try {
        await db.transaction(async (tx) => {
          await lockBlob(tx, digest);
          await insertBlob(tx, row, actor.id);
          const put = await blobs.put(decoded.jpeg);
          if (isRefusal(put)) throw new NotKept(put);
        });
      } catch (error) {
        if (!(error instanceof NotKept)) throw error;
        taken.labels(error.refusal.reason).inc();
        return error.refusal;
      }
      taken.labels('kept').inc();
      return keptOf((await findBlob(db, county, digest)) ?? row);
    },
    async own(actor, county, digest) {
      const unknown = refuse(422, 'pictures.unknown');
      if (!isDigest(digest) || actor.id === nobody) return unknown;
      const row = await (actor.kind === 'system' ? findBlob(db, county, digest) : findOwnBlob(db, county, digest, actor.id));
      return row ? keptOf(row) : unknown;
    },
    async about(county, digest) {
      const row = isDigest(digest) ? await findBlob(db, county, digest) : undefined;
      return row && keptOf(row);
    },
    async read(actor, digest, { width, link } = {}) {
      const unknown = refuse(404, 'pictures.unknown');
      if (!isDigest(digest)) return unknown;
      const linked = link !== undefined && world.now() < link.until && keys.isMark('picture', marked(digest, link.until), Buffer.from(link.mark, 'base64url'));
      if (!linked && !(await mayRead(actor, digest))) return unknown;
      const offered = offeredWidth(width);
      const key = `${digest} ${offered ?? ''}`;
      const small = offered === undefined ? undefined : shelf.get(key);
      if (small) return small;
      const whole = await blobs.get(digest);
      if (!whole) return unknown;
      if (offered === undefined) return whole;
      const made = await turn(() => smaller(whole, offered));
      if (!isRefusal(made)) shelf.set(key, made);
      return made;
    },
    link: (digest, until, width) =>
      `/api/blobs/${digest}?until=${until}&mark=${keys.mark('picture', marked(digest, until)).toString('base64url')}${width === undefined ? '' : `&w=${width}`}`,
    async erase(county, digest) {
      if (isDigest(digest)) await remove(county, digest);
    },
    async sweep() {
      let removed = 0;
      for (const county of await counties(db)) {
        const old = (await oldBlobs(db, county, new Date(world.now() - looseMs), 1_000_000)).map(({ digest }) => digest);
        for (let at = 0; at < old.length; at += 500) {
          const some = old.slice(at, at + 500);
          const stay = await rights.referenced(county, some);
          for (const digest of some)
            if (!stay.has(digest)) {
              await remove(county, digest);
              removed++;
            }
        }
      }
      return removed + (await removeOrphans());
    },
  };
};

/** Takes a refusal of the shelf out of the transaction that it undoes. */
class NotKept extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}
