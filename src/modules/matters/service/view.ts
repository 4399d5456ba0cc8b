import type { Actor } from '../../../base/actor.ts';
import type { Language } from '../../../base/text/language.ts';
import { fill } from '../../../base/text/language.ts';
import { isRefusal, type Refusal } from '../../../base/result.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { Entry } from '../../ledger/index.ts';
import { personKey } from '../../identity/index.ts';
import type { MatterItem, MatterPage, TimelineItem } from '../contract.ts';
import type { Listed } from '../reads/list.ts';
import type { WholeMatter } from '../reads/matters.ts';
import { leadsFrom, standing } from '../rules/permit.ts';
import type { Matter } from '../rules/workflow.ts';
import type { Calendars } from './clocks/calendars.ts';
import type { Kind, Kinds } from './kinds.ts';
import { actionLabel, relationLabel, stateLabel, type Labels } from './labels.ts';
import { clockView } from './clocks/working.ts';
import { isInner, nextDue } from '../rules/clocks.ts';

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** What turns rows into what people read. */
export interface Viewing {
  readonly kinds: Kinds;
  readonly calendars: Calendars;
  readonly labels: Labels;
  readonly now: () => number;
}

/** A row of a list, with names in the caller's language. */
export const itemOf = async ({ labels }: Viewing, { matter, dueAt, warnAt, dueClock }: Listed, language: Language): Promise<MatterItem> => {
  const { facets, county } = matter;
  const named = async (id: string | undefined, name: Promise<string | undefined> | string | undefined) =>
    id === undefined ? null : { id, name: (await name) ?? id };
  return {
    id: matter.id, number: matter.number, kind: matter.kind, title: matter.title, state: matter.state,
    stateLabel: stateLabel(matter.kind, matter.state, language), version: matter.version,
    place: facets.place === undefined ? null : { code: facets.place, names: [...labels.place(county, facets.place, language)] },
    point: facets.lng === undefined || facets.lat === undefined ? null : { lng: facets.lng, lat: facets.lat },
    code: await named(facets.code, facets.code && labels.code(county, facets.code, facets.codeVersion, language)),
    component: await named(facets.component, facets.component ? labels.component(county, facets.component, language) : undefined),
    leadUnit: await named(facets.leadUnit, facets.leadUnit && labels.unit(county, facets.leadUnit, language)),
    handler: await named(facets.handler, facets.handler ? labels.person(facets.handler) : undefined),
    clock: dueClock === null ? null : { name: dueClock, dueAt: iso(dueAt), warnAt: iso(warnAt), pausedAt: null },
    createdAt: iso(matter.createdAt)!, updatedAt: iso(matter.updatedAt)!,
  };
};

/** The reason of a refusal in words. */
export const reasonWords = (reason: string, language: Language, params: Readonly<Record<string, string | number>> = {}): string =>
  fill(textsOf('reasons')[reason]?.[language] ?? reason, params);

/** A refusal in words, with the names of actions as people know them. */
export const refusalWords = (kind: string, { reason, params = {} }: Refusal, language: Language): string =>
  reasonWords(reason, language, Object.fromEntries(Object.entries(params).map(([name, value]) => [name, name === 'action' || name === 'other' ? actionLabel(kind, String(value), language) : value])));

interface Possible {
  readonly actions: MatterPage['actions'];
  readonly impossible: MatterPage['impossible'];
}

/** What this actor may do now, and what people expect here and cannot do, with the reason. */
export const possible = ({ kinds, now }: Viewing, whole: Pick<WholeMatter, 'matter' | 'doers'>, actor: Actor, language: Language): Possible => {
  const { matter, doers } = whole;
  const { workflow }: Kind = kinds.get(matter.kind);
  const actions: MatterPage['actions'] = [];
  const impossible: MatterPage['impossible'] = [];
  for (const [name, declaration] of Object.entries(workflow.actions)) {
    if (declaration.from === null || actor.kind === 'system') continue;
    const label = actionLabel(matter.kind, name, language);
    const right = standing(actor, declaration, matter.county, matter.facets, now());
    const here = leadsFrom(declaration, matter, workflow.final);
    const same = declaration.notWho?.find((other) => doers[other]?.includes(actor.id));
    const blocked = declaration.when?.(matter) ?? null;
    if (right && here && same === undefined && blocked === null) {
      actions.push({ name, label, primary: declaration.primary === true, input: declaration.input });
      continue;
    }
    if (!right || !(declaration.expected?.includes(matter.state) || (here && declaration.expected))) continue;
    const [reason, params] = blocked && isRefusal(blocked) && here ? [blocked.reason, blocked.params]
      : same !== undefined && here ? ['matters.not-the-same-person', { action: label, other: actionLabel(matter.kind, same, language) }]
      : [`${matter.kind}.expected.${name}`, undefined];
    impossible.push({ name, label, reason, words: reasonWords(reason, language, params) });
  }
  actions.sort((a, b) => Number(b.primary) - Number(a.primary));
  return { actions, impossible };
};

/** @param outside for a resident or a program: what staff write among themselves (`internal`) is left out */
const timelineOf = async (
  viewing: Viewing, whole: WholeMatter, entries: readonly { seq: number | null; entry: Entry }[], personal: boolean, outside: boolean, language: Language,
): Promise<TimelineItem[]> => {
  const { labels } = viewing;
  const { matter } = whole;
  return Promise.all(entries.map(async ({ seq, entry }) => {
    const version = entry.mv ?? 0;
    return {
      version, seq, action: entry.action, label: actionLabel(matter.kind, entry.action, language), from: entry.from ?? null, to: entry.to ?? null, at: entry.at,
      doneAt: typeof entry.set?.['done.at'] === 'string' ? entry.set['done.at'] : null,
      actor: {
        name: entry.actor.role === 'system' || entry.actor.role === 'resident' ? null : ((await labels.person(entry.actor.id)) ?? null),
        role: entry.actor.role, roleLabel: labels.role(entry.actor.role, language),
        unit: entry.actor.unit === undefined ? null : (labels.unit(matter.county, entry.actor.unit, language) ?? entry.actor.unit),
      },
      texts: whole.texts.filter((text) => text.version === version && (personal || !text.personal) && (!outside || text.name !== 'internal'))
        .map((text) => ({ name: text.name, text: text.body, personal: text.personal, erased: text.erased_at !== null })),
      files: whole.files.filter((file) => file.version === version).map((file) => ({ blob: file.served, role: file.role })),
      deliveries: await Promise.all(whole.deliveries.filter((one) => one.version === version).map(async (one) => ({
        id: one.id, channel: one.channel, state: one.state, recipient: await labels.recipient(matter.county, one.recipient, language),
        text: await labels.message(matter.county, one.template, one.params, language),
      }))),
    };
  }));
};

export interface Shown {
  readonly whole: WholeMatter;
  readonly children: readonly Listed[];
  readonly related: readonly { readonly relation: string; readonly listed: Listed }[];
  readonly entries: readonly { seq: number | null; entry: Entry }[];
  readonly reporter: MatterPage['reporter'];
}

/** Whether personal words of a matter are for an actor who may see it: for those who handle it or asked for it; who only reads gets the rest. */
export const readsPersonal = ({ kinds, now }: Pick<Viewing, 'kinds' | 'now'>, { kind, county, facets }: Matter, actor: Actor): boolean =>
  facets.reporter === personKey(actor)
  || Object.values(kinds.get(kind).workflow.actions).some((declaration) => standing(actor, { ...declaration, who: declaration.who.filter((who) => who !== 'anyone') }, county, facets, now()));

/** A matter's page for an actor who may see it. */
export const pageOf = async (viewing: Viewing, shown: Shown, actor: Actor, language: Language): Promise<MatterPage> => {
  const { whole, children, related, entries, reporter } = shown;
  const { matter } = whole;
  const kind = viewing.kinds.get(matter.kind);
  const calendar = viewing.calendars.of(matter.county);
  const now = viewing.now();
  const personal = readsPersonal(viewing, matter, actor);
  const next = nextDue(whole.clocks);
  return {
    matter: await itemOf(viewing, { matter, dueAt: next?.dueAt ?? null, warnAt: next?.warnAt ?? null, dueClock: next?.name ?? null }, language),
    data: { ...matter.data },
    explain: [...((await kind.explain?.(matter, language)) ?? [])],
    reporter,
    clocks: whole.clocks.filter((clock) => !isInner(clock.name)).sort((a, b) => a.startedAt - b.startedAt).map((clock) => clockView(calendar, matter.kind, clock, now, language)),
    children: await Promise.all(children.map((child) => itemOf(viewing, child, language))),
    related: await Promise.all(related.map(async ({ relation, listed }) => ({ relation, label: relationLabel(matter.kind, relation, language), item: await itemOf(viewing, listed, language) }))),
    files: whole.files.map((file) => ({ blob: file.served, role: file.role, at: file.at.toISOString() })),
    timeline: await timelineOf(viewing, whole, entries, personal, actor.kind !== 'account', language),
    ...possible(viewing, whole, actor, language),
  };
};
