import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Counter } from 'prom-client';
import type { Actor, Grant } from '../../../base/actor.ts';
import { say, type Language } from '../../../base/text/language.ts';
import { maskPhone, normalPhone } from '../../../base/text/phone.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { World } from '../../../platform/world.ts';
import { entryOf, type Identity } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Ears, Heard, Receipt } from '../adapters/sms/line.ts';
import type { InboundView } from '../contract.ts';
import { asking } from '../rules/sending.ts';
import { understood, type Meaning } from '../rules/replies.ts';
import {
  countyCodes, findInbound, insertInbound, lastSent, noteReceipts, openInbound, settleInbound, waitingInbound, type InboundRow,
} from '../store/inbound.ts';
import { gathered } from './gathered.ts';

const day = 86_400_000;
/** How long after a message its reply is taken for one. */
const replyMs = 14 * day;
/** Texts without an id of the peer's are the same where phone and words are, within this time. */
const sameMs = 10 * 60_000;
/** A report may overtake the note that its message was taken: it is tried again so often, with this pause between. */
const receiptTries = 4;
const receiptPauseMs = 400;
/** How long a text may wait before another process takes it for left behind, in milliseconds. */
const leftMs = 60_000;

/** What somebody who answers wants to have done with a matter: the modules above say how. */
export interface Replies {
  /** Solved, or not and why; as the resident's own action. The same op gets the same answer. */
  answer(county: string, matter: string, contact: string, meaning: 'solved' | 'unsolved', words: string, op: string): Promise<Result<unknown>>;
  /** Words from the reporter. */
  note(county: string, matter: string, contact: string, words: string, op: string): Promise<Result<unknown>>;
}

export interface Inbound {
  /** What an adapter tells of what comes in. */
  ears(adapter: string): Ears;
  /** A text of somebody who is known, by another way than a phone. @returns how it was understood */
  from(county: string, contact: string, message: { readonly adapter: string; readonly peer: string | null; readonly text: string }): Promise<Meaning>;
  /** Hands in what is done with replies; until then every one of them waits for a person. */
  answerBy(replies: Replies): void;
  /** Takes up what a process that ended has left. @returns how many */
  takeUp(): Promise<number>;
  /** Texts that need a person. Refusal: 403 `identity.not_permitted`. */
  open(actor: Actor, county: string, after: string | undefined, limit: number, language: Language): Promise<Result<{ items: InboundView[]; next: string | null }>>;
  /** A person has seen to it; traced. Refusals: 403, 404 `outreach.inbound`, 409 `outreach.inbound_done`. */
  done(actor: Actor, county: string, id: string): Promise<Result<{ done: true }>>;
}

export const createInbound = (world: World, identity: Identity, ledger: Pick<Ledger, 'append' | 'sequencer'>): Inbound => {
  const { db, keys, log } = world;
  let replies: Replies | undefined;
  const counted = new Counter({ name: 'lamplight_inbound_messages_total', help: 'Texts that phones sent, by what they mean', labelNames: ['adapter', 'meaning'], registers: [world.metrics] });
  const reported = new Counter({ name: 'lamplight_delivery_receipts_total', help: 'Reports of peers on parts of messages', labelNames: ['adapter', 'state'], registers: [world.metrics] });

  /** County, contact and what was last sent, of a phone: where it was written to last. */
  const found = async (phone: string | undefined): Promise<{ county: string; contact: string | null; sent: Awaited<ReturnType<typeof lastSent>> }> => {
    const counties = await countyCodes(db);
    const since = new Date(world.now() - replyMs);
    const known = [];
    for (const county of phone === undefined ? [] : counties) {
      const contact = await identity.contacts.findByPhone(db, county, phone!);
      if (contact) known.push({ county, contact: contact.id, sent: await lastSent(db, county, `contact:${contact.id}`, since, 20) });
    }
    known.sort((a, b) => (b.sent[0]?.sent_at.getTime() ?? 0) - (a.sent[0]?.sent_at.getTime() ?? 0));
    return known[0] ?? { county: counties[0]!, contact: null, sent: [] };
  };

  /** Does what a text asks for. Doing it twice is doing it once: its id is the op of the action. */
  const act = async (row: InboundRow, words: string): Promise<void> => {
    const { county, id, contact, matter, meaning } = row;
    const end = (reason: string | null): Promise<boolean> => settleInbound(db, county, id, 'waiting', reason === null ? 'done' : 'open', { reason, by: null, at: new Date(world.now()) });
    if (contact === null) return void (await end('unknown_phone'));
    if (meaning === 'stop' || meaning === 'start') {
      const kept = await identity.contacts.prefer(county, contact, { stopped: meaning === 'stop' }, {
        actor: { id: contact as Actor['id'], kind: 'resident', name: null, grants: [] }, grant: { role: 'resident', unit: null },
      });
      return void (await end(isRefusal(kept) ? kept.reason : null));
    }
    if (matter === null) return void (await end(meaning === 'words' ? 'nothing_open' : 'nothing_asked'));
    if (!replies) return void (await end('nobody_answers'));
    const done = meaning === 'words' ? await replies.note(county, matter, contact, words, id) : await replies.answer(county, matter, contact, meaning, words, id);
    // Too much at once is a matter of time: it waits and is taken up again.
    if (isRefusal(done) && done.status >= 500) throw new Error(done.reason);
    await end(isRefusal(done) ? done.reason : null);
  };

  const heard = async (adapter: string, message: Heard): Promise<void> => {
    const phone = normalPhone(message.from);
    await kept(adapter, message, phone ?? null, () => found(phone));
  };

  const kept = async (adapter: string, message: Pick<Heard, 'peer' | 'from' | 'text'>, phone: string | null, who: () => ReturnType<typeof found>): Promise<Meaning> => {
    const { meaning, words } = understood(message.text);
    if (meaning === 'words' && words === '') return meaning;
    const { county, contact, sent } = await who();
    const about = meaning === 'words' ? sent[0] : sent.find(({ template }) => asking.has(template));
    const now = world.now();
    const mark = (slot: number): string => (message.peer === null
      ? `m:${createHash('sha256').update(`${message.from}\n${message.text}\n${slot}`).digest('hex').slice(0, 32)}` : `p:${message.peer}`);
    const slot = Math.floor(now / sameMs);
    const row = {
      county, id: world.random.uuid(now), adapter, contact, delivery: about?.id ?? null, matter: about?.matter ?? null, meaning, received_at: new Date(now),
      phone: adapter === 'wechat' ? null : keys.seal(phone ?? message.from.slice(0, 40), 'inbound.phone'), words: keys.seal(words, 'inbound.words'),
    };
    if (!(await insertInbound(db, { ...row, once: mark(slot), before: mark(message.peer === null ? slot - 1 : slot) }))) return meaning;
    counted.inc({ adapter, meaning });
    // It is kept: whatever happens now, it is taken up again.
    await act({ ...row, state: 'waiting', reason: null }, words).catch((error: unknown) => log.warn({ err: error, inbound: row.id }, 'a reply could not be acted on; it is taken up again'));
    // An answer to nothing that was asked is words: nobody is promised anything for it.
    return about ? meaning : 'words';
  };

  const ears = (adapter: string): Ears => {
    const note = gathered<Receipt, Set<string>>(500, async (receipts) => noteReceipts(db, await countyCodes(db), adapter, receipts, new Date(world.now())));
    const said = (error: unknown): never => {
      log.warn({ err: error, adapter }, 'what a peer sent could not be kept; it is told so');
      throw error;
    };
    return {
      heard: (message) => heard(adapter, message).catch(said),
      receipt: (receipt) => noted(receipt).catch(said),
    };
    async function noted(receipt: Receipt): Promise<void> {
      reported.inc({ adapter, state: receipt.state });
      for (let tries = 1; !(await note(receipt)).has(receipt.peer); tries++) {
        // Of a message that is not ours, or that was written before parts were kept.
        if (tries === receiptTries) return;
        await pause(receiptPauseMs);
      }
    }
  };

  const right = (actor: Actor, county: string, permission: string): Result<Grant> => identity.permits(actor, county, permission) ?? refuse(403, 'identity.not_permitted');

  const viewOf = (row: InboundRow, language: Language): InboundView => ({
    id: row.id, from: row.phone === null ? null : maskPhone(keys.open(row.phone, 'inbound.phone')), text: row.words === null ? null : shown(row.meaning, keys.open(row.words, 'inbound.words'), language),
    matter: row.matter, reason: row.reason === null ? null : reasonWords(row.reason, language), receivedAt: row.received_at.toISOString(),
  });
  const shown = (meaning: Meaning, words: string, language: Language): string =>
    (meaning === 'words' ? words : [say(textsOf('outreach'), language, `meaning_${meaning}`), words].filter(Boolean).join('：'));
  const reasonWords = (reason: string, language: Language): string =>
    (reason.includes('.') ? say(textsOf('reasons'), language, reason) : say(textsOf('outreach'), language, `inbound_${reason}`));

  return {
    ears,
    from: (county, contact, { adapter, peer, text }) => kept(adapter, { peer, from: contact, text }, null, async () => ({ county, contact, sent: await lastSent(db, county, `contact:${contact}`, new Date(world.now() - replyMs), 20) })),
    answerBy(given) { replies = given; },
    async takeUp() {
      const rows = await waitingInbound(db, new Date(world.now() - leftMs), 100);
      for (const row of rows)
        await act(row, row.words === null ? '' : keys.open(row.words, 'inbound.words')).catch((error: unknown) => log.warn({ err: error, inbound: row.id }, 'a reply could not be acted on; it is taken up again'));
      return 0;
    },
    async open(actor, county, after, limit, language) {
      const grant = right(actor, county, 'deliveries.read');
      if (isRefusal(grant)) return grant;
      const rows = await openInbound(db, county, after ?? null, limit + 1);
      const items = rows.slice(0, limit).map((row) => viewOf(row, language));
      return { items, next: rows.length > limit ? items.at(-1)!.id : null };
    },
    async done(actor, county, id) {
      const grant = right(actor, county, 'deliveries.resend');
      if (isRefusal(grant)) return grant;
      const result = await db.transaction(async (tx): Promise<Result<{ done: true }>> => {
        const row = await findInbound(tx, county, id);
        if (!row) return refuse(404, 'outreach.inbound');
        const now = world.now();
        if (row.state !== 'open' || !(await settleInbound(tx, county, id, 'open', 'done', { reason: row.reason, by: `account:${actor.id}`, at: new Date(now) }))) return refuse(409, 'outreach.inbound_done');
        await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'inbound', action: 'done', set: { inbound: id } }, actor, grant, now)]);
        return { done: true };
      });
      ledger.sequencer.nudge(county);
      return result;
    },
  };
};
