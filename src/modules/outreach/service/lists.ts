import type { Actor, Grant } from '../../../base/actor.ts';
import { say, type Language, type Params } from '../../../base/text/language.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { World } from '../../../platform/world.ts';
import { coversCounty, entryOf, type Identity } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { CallScript, DeliveryView } from '../contract.ts';
import { addressOf, messageText, secretParams, spokenText, templateFor, unsigned, type DeliveryState } from '../rules/sending.ts';
import type { Cell, WrittenFormat, WrittenTable } from '../../../platform/tables/written.ts';
import { readCounties } from '../store/work.ts';
import { offsetMinutesOf } from '../../../base/time/zone.ts';
import type { Wordings } from './wordings.ts';
import type { Worker } from './worker.ts';
import { bring, countClaimed, countyName, findDelivery, listDeliveries, mark, requeue, type DeliveryListRow } from '../store/lists.ts';

export interface DeliveryQuery {
  readonly box?: 'stuck' | 'waiting' | 'gone' | 'calls' | 'letters' | 'posted';
  readonly matter?: string;
  readonly template?: string;
  readonly after?: string;
  readonly limit?: number;
}

/** What came of a call. */
export type CallResult = 'reached' | 'no_answer' | 'wrong_number' | 'declined';

const boxes: Readonly<Record<NonNullable<DeliveryQuery['box']>, readonly DeliveryState[]>> = {
  stuck: ['unknown', 'failed', 'given_up', 'to_call', 'to_print'], waiting: ['queued', 'claimed'], gone: ['sent', 'logged', 'skipped'],
  calls: ['to_call'], letters: ['to_print'], posted: ['sent'],
};

/** What a delivery is once a call ended so, for good. */
const afterCall: Readonly<Record<CallResult, DeliveryState>> = { reached: 'sent', no_answer: 'given_up', wrong_number: 'failed', declined: 'skipped' };

/** After so many calls that nobody answered it is given up. */
const callsAtMost = 5;

export interface Lists {
  list(actor: Actor, county: string, query: DeliveryQuery, language: Language): Promise<Result<{ items: DeliveryView[]; next: string | null }>>;
  /** The whole of a list as a table, however long; traced. */
  exported(actor: Actor, county: string, query: Omit<DeliveryQuery, 'after' | 'limit'>, format: WrittenFormat, language: Language): Promise<Result<WrittenTable>>;
  /** Refusals: 404 `outreach.delivery`, 409 `outreach.not_stuck`, 409 `outreach.used_up`. Writes a `config` entry. */
  resend(actor: Actor, county: string, id: string, language: Language): Promise<Result<DeliveryView>>;
  mark(actor: Actor, county: string, id: string, as: 'sent' | 'given_up', language: Language): Promise<Result<DeliveryView>>;
  /** Refusals: 404 `outreach.delivery`, 409 `outreach.not_stuck`, 403 `identity.not_permitted`. Writes an `access` entry. */
  script(actor: Actor, county: string, id: string): Promise<Result<CallScript>>;
  called(actor: Actor, county: string, id: string, result: CallResult, language: Language): Promise<Result<DeliveryView>>;
  /** Letters as they are printed, in the order of the ids; what is no letter is passed over. Writes an `access` entry. */
  letters(actor: Actor, county: string, ids: readonly string[]): Promise<Result<Batch>>;
  posted(actor: Actor, county: string, ids: readonly string[], language: Language): Promise<Result<{ posted: number }>>;
  returned(actor: Actor, county: string, id: string, language: Language): Promise<Result<DeliveryView>>;
  /** Recipients as people may see them: names of staff, masked phones and addresses of residents. */
  recipients(tx: Tx, county: string, keys: readonly string[], language: Language): Promise<Map<string, string>>;
  /** Ways out of this process, and how many deliveries each may still bring to an end. Refusal: 403. */
  links(actor: Actor, county: string, language: Language): Promise<Result<{ items: { name: string; label: string; connected: boolean; error: string | null; open: number }[] }>>;
  /** What a message says, to somebody other than its recipient. */
  text(template: string, params: Params, language: Language, county?: string): string;
}

/** One letter, whole. */
export interface Letter {
  readonly id: string;
  readonly language: Language;
  /** As it stands on the envelope. */
  readonly address: string;
  readonly text: string;
  /** What opens the matter; null where the message leads nowhere. */
  readonly link: string | null;
  /** Its reader wants plain words, in large type. */
  readonly plain: boolean;
}

/** Letters that are printed together. */
export interface Batch {
  /** The county's name, by language. */
  readonly from: Readonly<Record<string, string>>;
  /** Local day, `2026-11-25`. */
  readonly day: string;
  readonly letters: readonly Letter[];
}

/** Rows that an export reads at a time. */
const exportRows = 1_000;

/** What a person does with a delivery that needs one: finds out what came of it, calls, prints, or has it sent again. */
const actionsOf = (state: DeliveryState, channel: string | null): DeliveryView['actions'] =>
  (state === 'sent' && channel === 'letter' ? ['returned'] : state === 'to_call' ? ['call', 'mark'] : state === 'to_print' ? ['letter', 'mark'] : state === 'unknown' ? ['resend', 'mark'] : boxes.stuck.includes(state) ? ['resend'] : []);

const boxed = (box: DeliveryQuery['box']): { states?: readonly DeliveryState[]; channel?: string } => ({ ...(box && { states: boxes[box] }), ...(box === 'posted' && { channel: 'letter' }) });

const texts = () => textsOf('outreach');

export const createLists = (world: World, identity: Identity, ledger: Pick<Ledger, 'append' | 'sequencer'>, worker: Pick<Worker, 'nudge' | 'links'>, wordings: Pick<Wordings, 'known' | 'of'>): Lists => {
  const text = (template: string, params: Params, language: Language, county?: string): string =>
    messageText(county === undefined ? textsOf('messages') : wordings.known(county), template, params, language, world.demo ? 'shown' : 'hidden');

  const right = (actor: Actor, county: string, permission: string): Result<Grant> => {
    const grant = actor.grants.find((one) => coversCounty(one) && identity.permits({ ...actor, grants: [one] }, county, permission));
    return grant ?? (actor.kind === 'system' ? identity.permits(actor, county, permission)! : refuse(403, 'identity.not_permitted'));
  };

  const recipients: Lists['recipients'] = async (tx, county, keys, language) => {
    const ids = (kind: string): string[] => [...new Set(keys.filter((key) => key.startsWith(`${kind}:`)).map((key) => key.slice(kind.length + 1)))];
    const [names, contacts] = [await identity.accounts.names(tx, ids('account')), await identity.contacts.masked(tx, county, ids('contact'))];
    return new Map(keys.map((key) => {
      const [kind, id = ''] = key.split(':');
      const contact = contacts.get(id);
      const words = kind === 'account' ? names.get(id) : contact?.erased ? say(texts(), language, 'erased') : (contact?.maskedPhone ?? contact?.maskedEmail);
      return [key, words ?? say(texts(), language, 'nobody')];
    }));
  };

  const errorWords = (error: string, language: Language): string => {
    const key = `error_${error.replace(/_\d{3}/, '').replace(/^(smtp|http|smpp|cmpp|push|wechat)_.*$/, '$1')}`;
    return say(texts(), language, key, { error });
  };

  const receiptOf = ({ parts, arrived, lost }: DeliveryListRow): 'delivered' | 'failed' | 'waiting' | null => (parts === 0 ? null : lost > 0 ? 'failed' : arrived === parts ? 'delivered' : 'waiting');

  const views = async (tx: Tx, county: string, rows: readonly DeliveryListRow[], language: Language, maySend: boolean): Promise<DeliveryView[]> => {
    const who = await recipients(tx, county, rows.map((row) => row.recipient), language);
    return rows.map((row) => ({
      id: row.id, matter: row.matter, version: row.version, template: row.template, recipient: `${who.get(row.recipient)!}${row.recipient.startsWith('account:') && row.address_masked ? ` ${row.address_masked}` : ''}`,
      channel: row.channel, adapter: row.adapter, text: text(row.template, row.params, row.language ?? language, county), urgent: row.urgent,
      state: row.state, stateLabel: say(texts(), language, `state_${row.state}`), attempts: row.attempts,
      receipt: receiptOf(row), receiptLabel: receiptOf(row) === null ? null : say(texts(), language, `receipt_${receiptOf(row)!}`),
      nextAt: row.state === 'queued' ? row.next_at.toISOString() : null, error: row.error, errorWords: row.error === null ? null : errorWords(row.error, language),
      createdAt: row.created_at.toISOString(), sentAt: row.sent_at?.toISOString() ?? null,
      actions: maySend ? actionsOf(row.state, row.channel) : [],
    }));
  };

  /** Changes a delivery that needs a person, with an entry that says who decided. */
  const decide = async (
    actor: Actor, county: string, id: string, action: string, language: Language,
    change: (tx: Tx, row: DeliveryListRow, now: Date) => Promise<boolean>, refusal: (row: DeliveryListRow) => Result<void> = () => undefined, from: readonly DeliveryState[] = boxes.stuck,
  ): Promise<Result<DeliveryView>> => {
    const grant = right(actor, county, 'deliveries.resend');
    if (isRefusal(grant)) return grant;
    const done = await world.db.transaction(async (tx): Promise<Result<DeliveryView>> => {
      const row = await findDelivery(tx, county, id);
      if (!row) return refuse(404, 'outreach.delivery');
      const no = from.includes(row.state) ? refusal(row) : refuse(409, 'outreach.not_stuck');
      if (isRefusal(no)) return no;
      const now = world.now();
      if (!(await change(tx, row, new Date(now)))) return refuse(409, 'outreach.not_stuck');
      await ledger.append(tx, [entryOf({
        county, subject: 'config', kind: 'delivery', action, set: { delivery: id, from: row.state }, ...(row.matter !== null && { matter: row.matter }),
      }, actor, grant, now)]);
      return (await views(tx, county, [(await findDelivery(tx, county, id))!], language, true))[0]!;
    });
    if (!isRefusal(done)) { ledger.sequencer.nudge(county); worker.nudge(); }
    return done;
  };

  /** What people of the list are told, opened with an entry that says by whom; nobody else's. */
  const opened = async (actor: Actor, county: string, ids: readonly string[], channel: 'voice' | 'letter', state: DeliveryState): Promise<Result<readonly Letter[]>> => {
    const grant = right(actor, county, 'deliveries.resend');
    if (isRefusal(grant)) return grant;
    const opens = right(actor, county, 'contact.reveal');
    if (isRefusal(opens)) return opens;
    const catalogue = await wordings.of(county);
    const found = await world.db.transaction(async (tx): Promise<Letter[]> => {
      const rows: DeliveryListRow[] = [];
      for (const id of ids) {
        const row = await findDelivery(tx, county, id);
        if (row?.state === state) rows.push(row);
      }
      const reaches = await identity.contacts.reaches(tx, rows);
      const open = rows.flatMap((row) => {
        const reach = reaches.get(`${county} ${row.recipient}`);
        const address = reach && addressOf(reach, channel);
        if (!reach || address === null || address === undefined) return [];
        const template = templateFor(catalogue, row.template, { channel, plain: reach.plain, heard: false });
        const { link } = row.params;
        return [{
          id: row.id, language: reach.language, address, plain: reach.plain, link: typeof link === 'string' ? link : null,
          text: channel === 'letter' ? unsigned(messageText(catalogue, template, row.params, reach.language, 'shown')) : spokenText(messageText(catalogue, template, row.params, reach.language, 'hidden')),
        }];
      });
      if (open.length > 0)
        await ledger.append(tx, [entryOf({ county, subject: 'access', kind: 'deliveries', action: channel === 'letter' ? 'print' : 'reveal', set: { deliveries: open.map(({ id }) => id) } }, actor, grant, world.now())]);
      return open;
    });
    ledger.sequencer.nudge(county);
    return found;
  };

  return {
    recipients, text,
    async script(actor, county, id) {
      const found = await opened(actor, county, [id], 'voice', 'to_call');
      if (isRefusal(found)) return found;
      const [one] = found;
      if (!one) return refuse(409, 'outreach.not_stuck');
      const { address: phone, language, text: words, plain } = one;
      const names = await countyName(world.db, county);
      const line = (name: string): string => say(texts(), language, `script_${name}${plain ? '_plain' : ''}`, { county: names[language] ?? names['zh-Hans'] ?? '' });
      return { phone, language, opening: line('opening'), text: words, closing: line('closing'), plain };
    },
    called: (actor, county, id, result, language) => decide(actor, county, id, `call_${result}`, language,
      (tx, row, now) => bring(tx, county, id, row.state,
        result === 'no_answer' && row.attempts + 1 <= callsAtMost ? 'to_call' : afterCall[result], now, result === 'reached' ? null : result),
      undefined, ['to_call']),
    async letters(actor, county, ids) {
      const found = await opened(actor, county, ids, 'letter', 'to_print');
      if (isRefusal(found)) return found;
      const [settings] = await readCounties(world.db, [county]);
      const now = world.now();
      const offset = settings === undefined ? 0 : offsetMinutesOf(settings.zone, now);
      return { from: await countyName(world.db, county), day: new Date(now + offset * 60_000).toISOString().slice(0, 10), letters: found };
    },
    async posted(actor, county, ids, language) {
      const grant = right(actor, county, 'deliveries.resend');
      if (isRefusal(grant)) return grant;
      const batch = world.random.uuid(world.now());
      let posted = 0;
      for (const id of new Set(ids)) {
        const done = await decide(actor, county, id, 'letter_posted', language, (tx, row, now) => bring(tx, county, id, row.state, 'sent', now, null, batch), undefined, ['to_print']);
        if (!isRefusal(done)) posted++;
      }
      return { posted };
    },
    returned: (actor, county, id, language) => decide(actor, county, id, 'letter_returned', language,
      (tx, row, now) => bring(tx, county, id, row.state, 'failed', now, 'letter_returned'),
      (row) => (row.channel === 'letter' ? undefined : refuse(409, 'outreach.not_stuck')), ['sent']),
    async list(actor, county, query, language) {
      const grant = right(actor, county, 'deliveries.read');
      if (isRefusal(grant)) return grant;
      const limit = query.limit ?? 50;
      const rows = await listDeliveries(world.db, county, {
        limit: limit + 1, ...boxed(query.box), ...(query.matter !== undefined && { matter: query.matter }),
        ...(query.template !== undefined && { template: query.template }), ...(query.after !== undefined && { after: query.after }),
      });
      const items = await views(world.db, county, rows.slice(0, limit), language, !isRefusal(right(actor, county, 'deliveries.resend')));
      return { items, next: rows.length > limit ? items.at(-1)!.id : null };
    },
    async links(actor, county, language) {
      const grant = right(actor, county, 'deliveries.read');
      if (isRefusal(grant)) return grant;
      const items = await Promise.all(worker.links().map(async ({ name, connected, error }) => ({
        name, label: say(texts(), language, `link_${name}`), connected, error, open: await countClaimed(world.db, county, name),
      })));
      return { items };
    },
    async exported(actor, county, query, format, language) {
      const grant = right(actor, county, 'deliveries.read');
      if (isRefusal(grant)) return grant;
      const [settings] = await readCounties(world.db, [county]);
      async function* pages(): AsyncGenerator<readonly DeliveryListRow[]> {
        for (let after: string | undefined; ;) {
          const rows = await listDeliveries(world.db, county, {
            limit: exportRows, ...boxed(query.box), ...(query.matter !== undefined && { matter: query.matter }),
            ...(query.template !== undefined && { template: query.template }), ...(after !== undefined && { after }),
          });
          if (rows.length > 0) yield rows;
          if (rows.length < exportRows) return;
          after = rows.at(-1)!.id;
        }
      }
      async function* batches(): AsyncGenerator<readonly (readonly Cell[])[]> {
        for await (const rows of identity.taken({ county, kind: 'deliveries', actor, grant: grant as Grant, format, filter: { ...query } }, pages()))
          yield (await views(world.db, county, rows, language, false)).map((one) => [
            { at: Date.parse(one.createdAt) }, one.recipient, one.channel === null ? null : say(textsOf('telling'), language, `way.${one.channel}`), one.text, one.stateLabel, one.attempts, one.sentAt === null ? null : { at: Date.parse(one.sentAt) }, one.errorWords,
          ]);
      }
      return {
        columns: ['created', 'recipient', 'channel', 'text', 'state', 'attempts', 'sent', 'error'].map((name) => say(texts(), language, `export_${name}`)),
        batches: batches(), offsetMinutes: settings === undefined ? 0 : offsetMinutesOf(settings.zone, world.now()),
      };
    },
    // What opened something and was forgotten cannot be said again: the recipient asks for a new code.
    resend: (actor, county, id, language) => decide(actor, county, id, 'resend', language,
      (tx, row, now) => requeue(tx, county, id, row.state, now),
      (row) => (row.template === 'sms_code' || (row.template === 'staff_invite' && !secretParams.some((name) => name in row.params)) ? refuse(409, 'outreach.used_up') : undefined)),
    mark: (actor, county, id, as, language) => decide(actor, county, id, `mark_${as}`, language,
      (tx, row, now) => mark(tx, county, id, row.state, as, now),
      (row) => (actionsOf(row.state, row.channel).includes('mark') ? undefined : refuse(409, 'outreach.not_unknown'))),
  };
};
