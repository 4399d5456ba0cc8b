import { refuse, type Refusal } from '../../../base/result.ts';
import type { Change, Context, Matter } from '../../matters/rules/workflow.ts';
import { followersAtMost, type AbsorbInput, type LinkInput, type MergeInput, type PartInput, type ReasonInput, type ReleaseInput, type SplitInput } from '../contract/inputs.ts';
import { startRise } from './ladder.ts';
import { asJson, askers, factsOf, listOf, messageParams, said, tell } from './facts.ts';

/** Cases that one may be linked to, and cases that one may be split into. */
const linksAtMost = 20;
const ended = ['closed', 'declined', 'merged', 'void'];

/** What one merge brought: everyone who asked for the other case, and those of them who did not ask for this one before. */
interface Brought {
  readonly from: string;
  readonly asked: readonly string[];
  readonly added: readonly string[];
}

const broughtOf = (matter: Matter): readonly Brought[] => (matter.data['absorbed'] as unknown as readonly Brought[] | undefined) ?? [];
const linksOf = (matter: Matter): readonly string[] => (matter.data['linked'] as readonly string[] | undefined) ?? [];

/** How a case stands to others, for its page: what it was split from, what it is linked to, what was merged into what. */
export const relationsOf = (matter: Matter): { readonly relation: string; readonly id: string }[] => [
  ...(matter.facets.parent ? [{ relation: 'parent', id: matter.facets.parent }] : []),
  ...(typeof matter.data['mergedInto'] === 'string' ? [{ relation: 'into', id: matter.data['mergedInto'] }] : []),
  ...linksOf(matter).map((id) => ({ relation: 'linked', id })),
  ...broughtOf(matter).map(({ from }) => ({ relation: 'merged', id: from })),
];

/** 并案: this case ends, the other takes its reporters over. */
export const merge = (matter: Matter, input: MergeInput, context: Context): Change | Refusal => {
  const into = context.others.get(input.into);
  if (input.into === matter.id) return refuse(422, 'case.merge-self');
  if (!into || into.kind !== matter.kind) return refuse(422, 'case.merge-kind');
  if (ended.includes(into.state)) return refuse(409, 'case.merge-ended');
  const facts = factsOf(context);
  return {
    data: { mergedInto: into.id, mergedNumber: into.number },
    set: { into: into.id },
    texts: said('reason', input.reason),
    deliveries: tell('merged', askers(matter), messageParams(matter, facts, { into: into.number })),
    also: [{ on: into.id, action: 'absorb', input: { from: matter.id, followers: askers(matter) } }],
  };
};

export const absorb = (matter: Matter, input: AbsorbInput): Change | Refusal => {
  const followers = listOf(matter, 'followers');
  const added = input.followers.filter((one) => !followers.includes(one) && one !== matter.facets.reporter);
  if (followers.length + added.length > followersAtMost) return refuse(409, 'case.followers-full', { most: followersAtMost });
  return {
    data: {
      followers: [...followers, ...added],
      absorbed: asJson([...broughtOf(matter), { from: input.from, asked: input.followers, added }]),
    },
    set: { from: input.from },
  };
};

/** 撤销并案: it was another matter after all. It is looked at anew, and whoever came with it goes back with it. */
export const unmerge = (matter: Matter, input: ReasonInput, context: Context): Change | Refusal => {
  const into = matter.data['mergedInto'];
  if (typeof into !== 'string') return refuse(409, 'case.not-merged');
  const facts = factsOf(context);
  return {
    data: { mergedInto: null, mergedNumber: null },
    set: { into },
    clocks: [{ name: 'file', do: 'start', limit: facts.settings.clocks.file }],
    texts: said('reason', input.reason),
    deliveries: tell('unmerged', askers(matter), messageParams(matter, facts)),
    also: [{ on: into, action: 'release', input: { from: matter.id } }],
  };
};

/** Takes away whom the merge had added, but for those whom another merge brought too. */
export const release = (matter: Matter, input: ReleaseInput): Change => {
  const gone = broughtOf(matter).find(({ from }) => from === input.from);
  let leaving = gone?.added ?? [];
  const others = broughtOf(matter).filter((one) => one !== gone).map((one) => {
    const kept = leaving.filter((person) => one.asked.includes(person));
    leaving = leaving.filter((person) => !kept.includes(person));
    return { ...one, added: [...one.added, ...kept] };
  });
  return {
    data: { followers: listOf(matter, 'followers').filter((one) => !leaving.includes(one)), absorbed: others.length > 0 ? asJson(others) : null },
    set: { from: input.from },
  };
};

/** Buttons: there is something to take apart, and a part is not split again. */
export const hasLinks = (matter: Matter): Refusal | null => (linksOf(matter).length > 0 ? null : refuse(409, 'case.not-linked'));
export const isNoPart = (matter: Matter): Refusal | null => (matter.facets.parent ? refuse(409, 'case.split-part') : null);

/** 关联: two cases that belong together and are handled each for itself. */
export const link = (matter: Matter, input: LinkInput, context: Context): Change | Refusal => {
  const to = context.others.get(input.other);
  if (input.other === matter.id) return refuse(422, 'case.link-self');
  if (!to || to.kind !== matter.kind) return refuse(422, 'case.link-kind');
  if (linksOf(matter).includes(to.id)) return refuse(409, 'case.linked', { number: to.number });
  if (linksOf(matter).length >= linksAtMost || linksOf(to).length >= linksAtMost) return refuse(409, 'case.links-full', { most: linksAtMost });
  return { ...linked(matter, input), texts: said('note', input.note), also: [{ on: to.id, action: 'linked', input: { other: matter.id } }] };
};

export const linked = (matter: Matter, { other }: LinkInput): Change => ({ data: { linked: [...new Set([...linksOf(matter), other])] }, set: { other } });

export const unlink = (matter: Matter, input: LinkInput): Change | Refusal =>
  linksOf(matter).includes(input.other)
    ? { ...unlinked(matter, input), texts: said('note', input.note), also: [{ on: input.other, action: 'unlinked', input: { other: matter.id } }] }
    : refuse(409, 'case.not-linked');

export const unlinked = (matter: Matter, { other }: LinkInput): Change => {
  const left = linksOf(matter).filter((id) => id !== other);
  return { data: { linked: left.length > 0 ? left : null }, set: { other } };
};

/**
 * 拆分: one of the things that were reported becomes a case of its own under a row of its own, with the same place, reporter and
 * pictures. This case goes on with what is left.
 */
export const split = (matter: Matter, input: SplitInput, context: Context): Change | Refusal => {
  const facts = factsOf(context);
  if (!facts.row) return refuse(422, 'case.no-code');
  const parts = Number(matter.data['parts'] ?? 0) + 1;
  if (parts > linksAtMost) return refuse(409, 'case.links-full', { most: linksAtMost });
  const { reporter } = matter.facets;
  return {
    data: { parts },
    set: { part: facts.row.key },
    texts: said('description', input.issue),
    deliveries: tell('split', askers(matter), messageParams(matter, facts, { part: facts.row.minorName })),
    also: [{ make: { kind: 'case', action: 'part', input: {
      ...input, number: matter.number, asked: askers(matter).filter((one) => one !== reporter && one !== matter.data['forwarder']), channel: String(matter.data['channel'] ?? 'web'),
      ...(reporter && { reporter }), ...(matter.data['byProgram'] === true && { byProgram: true }), ...(typeof matter.data['forwarder'] === 'string' && { forwarder: matter.data['forwarder'] }),
    } } }],
  };
};

/** The case that was split off begins as filed: whoever split it has settled its row. */
export const part = (_: Matter | null, input: PartInput, context: Context): Change | Refusal => {
  const facts = factsOf(context);
  if (!facts.row || facts.codeVersion === undefined) return refuse(422, 'case.no-code');
  const { rise, clocks } = facts.row.limit ? startRise(null, 'handle', facts.row.limit, facts) : { rise: {}, clocks: [] };
  const made: Change = {
    title: facts.title ?? '',
    facets: { ...facts.facets, parent: input.parent, code: facts.row.key, codeVersion: facts.codeVersion, ...(input.reporter && { reporter: input.reporter }) },
    data: { channel: input.channel, splitNumber: input.number, ...(input.byProgram && { byProgram: true }), ...(input.forwarder && { forwarder: input.forwarder }), ...(input.asked.length > 0 && { followers: [...input.asked] }), ...rise },
    clocks: [{ name: 'dispatch', do: 'start', limit: facts.settings.clocks.dispatch }, ...clocks],
    texts: said('description', input.issue),
    files: facts.before ?? [],
  };
  return facts.settings.dispatchAtOnce && facts.route && facts.row.limit ? { ...made, then: { action: 'dispatch', input: {} } } : made;
};
