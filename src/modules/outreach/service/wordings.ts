import { Type } from 'typebox';
import { languages, type Catalogue, type Params, type Text } from '../../../base/text/language.ts';
import type { Json } from '../../../base/canonical.ts';
import { refuse, type FieldError } from '../../../base/result.ts';
import { remembered } from '../../../platform/remembered.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { World } from '../../../platform/world.ts';
import type { Area, Effect } from '../../settings/index.ts';
import { wordsShape } from '../../settings/contract/shapes.ts';
import { segmentsOf } from '../adapters/sms/text.ts';
import { messageText, secretParams } from '../rules/sending.ts';
import { ownWordings, recentParams } from '../store/wordings.ts';

/** The wording of every message, with a county's own in the place of what ships. */
export interface Wordings {
  of(county: string): Promise<Catalogue>;
  /** As `of`, as far as it is known by now; what ships where it was never asked for. */
  known(county: string): Catalogue;
  readonly area: Area;
}

type Own = Readonly<Record<string, Text>>;

/** How late another process's change of a wording may be seen, in milliseconds. */
const keepMs = 10_000;
/** Signs of one message: more would be seven parts of an SMS and is a letter. */
const longest = 400;
/** Wordings whose effect is shown; the rest is counted by the list of what changes. */
const shownAtMost = 12;

const shipped = (): Catalogue => textsOf('messages');
const variablesOf = (text: string): ReadonlySet<string> => new Set([...text.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name!));

/** A number as somebody may see it who may not see the case. */
const maskedParams = (params: Params): Params => Object.fromEntries(Object.entries(params).map(([name, value]) => [name, name === 'number' || name === 'into' ? `${String(value).slice(0, 6)}-····` : value]));

/** Values for variables that no message had yet: their names, so that what is missing is seen. */
const stand = (text: string): Params => Object.fromEntries([...variablesOf(text)].map((name) => [name, name === 'link' ? 'https://…/f/······' : `〔${name}〕`]));

/** Variables that the own text has and the shipped one has not, and secrets that it lost: a code that is not in the text reaches nobody. */
const wrongWith = (ships: Text, own: Text): readonly { readonly language: keyof Text; readonly reason: string; readonly params: Params }[] => languages.flatMap((language) => {
  const [may, has] = [variablesOf(ships[language]), variablesOf(own[language])];
  return [
    ...[...has].filter((name) => !may.has(name)).map((name) => ({ language, reason: 'outreach.no_variable', params: { name, may: [...may].join(' ') } })),
    ...secretParams.filter((name) => may.has(name) && !has.has(name)).map((name) => ({ language, reason: 'outreach.variable_needed', params: { name } })),
  ];
});

export const createWordings = (world: World): Wordings => {
  const merged = new Map<string, Catalogue>();
  const read = remembered(world.now, keepMs, async (county): Promise<Catalogue> => {
    const own = await ownWordings(world.db, county);
    const whole = own === null ? shipped() : { ...shipped(), ...own };
    merged.set(county, whole);
    return whole;
  });
  const keys = Object.keys(shipped());
  const known = (document: Json): Own => (document ?? {}) as unknown as Own;
  return {
    of: read,
    known: (county) => merged.get(county) ?? shipped(),
    area: {
      name: 'messages', path: ['messages'], edit: ['settings.edit'],
      schema: Type.Object(Object.fromEntries(keys.map((key) => [key, Type.Optional(wordsShape(longest))])), { additionalProperties: false }),
      shipped: () => shipped() as unknown as Json,
      check(_county, document) {
        const errors: FieldError[] = Object.entries(known(document)).flatMap(([key, own]) => (shipped()[key] ? wrongWith(shipped()[key]!, own).map(({ language, reason, params }) => ({ path: `/${key}/${language}`, reason, params })) : []));
        return errors.length > 0 ? refuse(422, 'outreach.wording', { count: errors.length }, errors) : true;
      },
      async preview(county, before, after) {
        const changed = keys.filter((key) => JSON.stringify(known(before)[key] ?? null) !== JSON.stringify(known(after)[key] ?? null)).slice(0, shownAtMost);
        const recent = await recentParams(world.db, county, changed.map((key) => key.split('.')[0]!));
        return changed.flatMap((key): Effect[] => {
          const [old, now] = [known(before)[key] ?? shipped()[key]!, known(after)[key] ?? shipped()[key]!];
          const real = recent.get(key.split('.')[0]!);
          const said = (text: Text, language: keyof Text): string => messageText({ [key]: text }, key, { ...stand(text[language]), ...(real && maskedParams(real)) }, language, 'hidden');
          return (['zh-Hans', 'en'] as const).filter((language) => old[language] !== now[language]).map((language) => {
            const [was, parts] = [segmentsOf(said(old, language)).parts.length, segmentsOf(said(now, language)).parts.length];
            return { words: real ? 'effect.messages.real' : 'effect.messages.made', tone: parts > was ? 'warn' : 'plain', params: { text: said(now, language), parts, was } };
          });
        });
      },
      changed: (county) => { read.forget(county); return read(county).then(() => undefined); },
    },
  };
};
