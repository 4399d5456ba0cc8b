import { anonymous } from '../../../base/actor.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { refuse, type Result } from '../../../base/result.ts';
import { say, type Language } from '../../../base/text/language.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { LooseMessage } from '../../identity/index.ts';
import type { Follower } from '../../ledger/index.ts';
import { readByIds } from '../reads.ts';
import { confirmedMails, confirmMail, countAsks, type Every, findMail, forgetNews, insertMail, type MailRow, mailsOf, putNews, removeMail, takeNews, unconfirmed, waitingMails } from '../store/mail.ts';
import type { Needs } from './needs.ts';
import type { Offer } from './offer.ts';
import type { ShownAsk, ShownIndex } from './shown.ts';
import type { createView } from './view.ts';

const day = 86_400_000;
/** An ask that nobody confirms is forgotten with its address after so long. */
const confirmMs = 2 * day;
/** Asks of one address a day: whoever wants more has a feed reader, and nobody's mail box is filled by others. */
const asksADay = 5;
/** News of what is older are none. */
const newsMs = 7 * day;
/** Cases that one mail names. */
const linesAtMost = 20;
/** Daily mails leave from 07:30 on, minutes after local midnight; the offset is that of China. */
const [dailyFrom, offsetMs] = [450, 8 * 3_600_000];

/** One subscription as its own link shows it. */
export interface MailView extends Pick<ShownAsk, 'category' | 'village' | 'street'> {
  readonly every: Every;
  readonly confirmed: boolean;
}

const viewOf = ({ category, village, street, every, confirmed_at }: MailRow): MailView =>
  ({ ...(category !== null && { category }), ...(village !== null && { village }), ...(street !== null && { street }), every, confirmed: confirmed_at !== null });

/** 订阅: who is told of the public view by e-mail. A subscription has one address, which goes with it. */
export interface Mail {
  /**
   * Sends a link that has to be opened before anything else is sent; whether the address is known already cannot be told from the
   * answer. Refusals: 422 `bulletin.email`, 404 `bulletin.category`.
   */
  ask(county: string, email: string, of: ShownAsk, every: Every, language: Language): Promise<Result<{ readonly asked: true }>>;
  /** What a link is about; undefined where it has ended. */
  find(county: string, token: string): Promise<MailView | undefined>;
  confirm(county: string, token: string): Promise<boolean>;
  /** Ends it and erases the address. */
  end(county: string, token: string): Promise<boolean>;
  /** Ends all subscriptions of an address whose owner has their data erased. */
  endOf(tx: Tx, county: string, email: string): Promise<void>;
  /** Keeps what is to be told. */
  follower(): Follower;
  /** Sends what waits; says how many mails. */
  send(county: string): Promise<number>;
  /** Words of what is told: names of kind, village and road. */
  wordsOf(county: string, of: Pick<ShownAsk, 'category' | 'village' | 'street'>, language: Language): Promise<string>;
}

/** The public view, as mails see it. */
interface Seen {
  offer(county: string): Promise<Offer>;
  shown(county: string): ShownIndex;
  readonly view: ReturnType<typeof createView>;
}

const addressPattern = /^[^\s@<>()[\],;:\\"]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,200}[a-z0-9])?\.[a-z]{2,24}$/i;

export const createMail = ({ world, identity, ledger, places, send }: Needs, bulletin: Seen): Mail => {
  const { db, keys, now, random } = world;
  const markOf = (county: string, id: string): string => `${county} ${id}`;
  const tokenOf = (county: string, id: string): string =>
    Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), keys.mark('bulletin.mail', markOf(county, id)).subarray(0, 32)]).toString('base64url');
  const idOf = (county: string, token: string): string | undefined => {
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length !== 48) return undefined;
    const id = bytes.subarray(0, 16).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    return keys.isMark('bulletin.mail', markOf(county, id), bytes.subarray(16)) ? id : undefined;
  };
  const linkOf = (county: string, id: string): string => `${world.config.url}/reports/mail/${tokenOf(county, id)}`;
  const trace = async (tx: Tx, county: string, action: string, id: string, of?: Partial<MailView>): Promise<void> => {
    await ledger.append(tx, [{
      v: 1, county: county as CountyCode, subject: 'access', kind: 'subscription', action, actor: { id: anonymous.id, role: 'resident' }, at: new Date(now()).toISOString(),
      set: { subscription: id, ...(of && { category: of.category ?? null, village: of.village ?? null, street: of.street ?? null, every: of.every ?? null }) },
    }]);
  };
  const wordsOf: Mail['wordsOf'] = async (county, { category, village, street }, language) => {
    const [offer, tree] = await Promise.all([bulletin.offer(county), places.tree(county as CountyCode)]);
    const words = [category && (offer.find(category)?.name[language] ?? category), village && (tree.find(village)?.name ?? village), street].filter((one) => one);
    return words.length === 0 ? say(textsOf('bulletin'), language, 'mail.everything') : words.join(' · ');
  };
  const end = async (tx: Tx, county: string, id: string): Promise<boolean> => {
    const contact = await removeMail(tx, county, id);
    if (contact === undefined) return false;
    await identity.contacts.closeMailbox(tx, county, contact);
    await trace(tx, county, 'end', id);
    return true;
  };
  const nudged = async <T>(county: string, work: (tx: Tx) => Promise<T>): Promise<T> => {
    const done = await db.transaction(work);
    ledger.sequencer.nudge(county);
    return done;
  };
  const mailOf = async (tx: Tx, county: string, row: MailRow, at: number): Promise<boolean> => {
    const news = await takeNews(tx, county, row.id, new Date(at));
    const [reach, offer] = await Promise.all([identity.contacts.reach(tx, county, `contact:${row.contact}`), bulletin.offer(county)]);
    if (!reach) return false;
    const rows = (await readByIds(tx, county, news.map(({ matter }) => matter))).flatMap((one) => { const category = offer.shown(one); return category ? [{ row: one, category }] : []; });
    // What was withheld since is not told.
    if (rows.length === 0) return false;
    const items = await bulletin.view(county, rows, reach.language, false);
    const lines = items.slice(0, linesAtMost).map((item) => `· ${item.title} — ${item.where.words}: ${item.words} ${world.config.url}/reports/${item.number}`);
    const message: LooseMessage = {
      county, id: random.uuid(at), template: 'bulletin_news', recipient: `contact:${row.contact}`, at,
      params: { what: await wordsOf(county, viewOf(row), reach.language), count: items.length, lines: lines.join('\n'), unsubscribe: linkOf(county, row.id) },
    };
    await send(tx, message);
    return true;
  };
  return {
    wordsOf,
    async ask(county, given, { category, village, street }, every, language) {
      const email = given.normalize('NFKC').trim();
      if (email.length > 254 || !addressPattern.test(email)) return refuse(422, 'bulletin.email', undefined, [{ path: '/email', reason: 'bulletin.email' }]);
      if (category !== undefined && !(await bulletin.offer(county)).find(category)) return refuse(404, 'bulletin.category', { category: category.slice(0, 60) });
      const at = now();
      const index = keys.blindIndex('bulletin.mail', email.toLowerCase());
      const what = await wordsOf(county, { ...(category && { category }), ...(village && { village }), ...(street && { street }) }, language);
      await nudged(county, async (tx) => {
        if (await countAsks(tx, county, index, new Date(at - day)) >= asksADay) return;
        const id = random.uuid(at);
        const contact = await identity.contacts.openMailbox(tx, county, email, language);
        await insertMail(tx, county, { id, contact, index, category: category ?? null, village: village ?? null, street: street ?? null, every, asked_at: new Date(at) });
        await trace(tx, county, 'ask', id, { ...(category && { category }), ...(village && { village }), ...(street && { street }), every });
        await send(tx, { county, id: random.uuid(at), template: 'bulletin_confirm', recipient: `contact:${contact}`, params: { what, link: linkOf(county, id) }, at });
      });
      return { asked: true };
    },
    async find(county, token) {
      const id = idOf(county, token);
      const row = id === undefined ? undefined : await findMail(db, county, id);
      return row && viewOf(row);
    },
    async confirm(county, token) {
      const id = idOf(county, token);
      if (id === undefined) return false;
      return nudged(county, async (tx) => {
        if (!(await confirmMail(tx, county, id, new Date(now())))) return false;
        await trace(tx, county, 'confirm', id);
        return true;
      });
    },
    async end(county, token) {
      const id = idOf(county, token);
      return id !== undefined && nudged(county, (tx) => end(tx, county, id));
    },
    async endOf(tx, county, email) {
      for (const { id } of await mailsOf(tx, county, keys.blindIndex('bulletin.mail', email.normalize('NFKC').trim().toLowerCase()))) await end(tx, county, id);
    },
    follower: () => ({
      name: 'bulletin.mail', mayLag: 5_000,
      async apply(county, entries, tx) {
        const touched = [...new Set(entries.flatMap(({ entry }) => (entry.subject === 'matter' && entry.kind === 'case' && entry.matter !== undefined && now() - Date.parse(entry.at) < newsMs ? [entry.matter] : [])))];
        const mails = touched.length === 0 ? [] : await confirmedMails(tx, county);
        if (mails.length === 0) return;
        const index = bulletin.shown(county);
        await index.current();
        for (const row of await readByIds(tx, county, touched)) {
          const where = index.whereOf(row.id);
          if (!where) continue;
          const ended = row.state === 'closed' ? row.ended_at : null;
          if (row.ended_at !== null && ended === null) continue;
          for (const mail of mails) {
            if ((mail.category ?? where.category) !== where.category || (mail.village ?? where.village) !== where.village || (mail.street ?? where.street) !== where.street) continue;
            // What was there before somebody asked is on the list.
            if ((ended ?? row.created_at) < mail.confirmed_at!) continue;
            await putNews(tx, county, mail.id, { matter: row.id, what: ended ? 'ended' : 'new' }, new Date(now()));
          }
        }
      },
    }),
    async send(county) {
      const at = now();
      const [dayBegan, minutes] = [Math.floor((at + offsetMs) / day) * day - offsetMs, (((at + offsetMs) % day) / 60_000)];
      for (const { id } of await unconfirmed(db, county, new Date(at - confirmMs))) await nudged(county, (tx) => end(tx, county, id));
      await forgetNews(db, county, new Date(at - 200 * day));
      return db.transaction(async (tx) => {
        let sent = 0;
        for (const row of await waitingMails(tx, county, minutes >= dailyFrom ? new Date(dayBegan) : null)) if (await mailOf(tx, county, row, at)) sent++;
        return sent;
      });
    },
  };
};
