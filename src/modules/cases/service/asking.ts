import type { CountyCode } from '../../../base/ids.ts';
import type { Language } from '../../../base/text/language.ts';
import type { AskedCategory } from '../pages/desk.ts';
import { rowOf, type Answers, type Category } from '../rules/categories.ts';
import type { Categories } from './settings/categories.ts';
import type { Needs } from './needs.ts';

/** What the form asks about a kind of case, and what the answers make of it. */
export const createAsking = ({ components, catalogue }: Pick<Needs, 'components' | 'catalogue'>, categoriesOf: (county: string) => Promise<Categories>, county: string) => {
  const asked = (category: Category, language: Language): AskedCategory => ({
    code: category.code, name: category.name[language], notice: category.notice?.[language] ?? null, anonymous: category.anonymous,
    // The form has found the place and the thing already.
    questions: category.questions.filter(({ asked: whom, names }) => whom !== 'programs' && names === undefined).map(({ code, datatype, required, description, hint, when, values }) => ({
      code, datatype, required, title: description[language], hint: hint?.[language] ?? null, when: when ?? null,
      values: (values ?? []).map(({ key, name }) => ({ key, title: name[language] })),
    })),
  });

  /** The category of a row of the code table, else of what is usually wrong with such a component. */
  const categoryOf = async (kind: string | null, component: string | null): Promise<Category | undefined> => {
    const categories = await categoriesOf(county);
    if (kind !== null) return categories.ofKey(kind);
    const found = component === null ? undefined : await components.find(county as CountyCode, component);
    return found && categories.ofKey(catalogue.rank(county, '', { componentClass: found.standard, limit: 1 })[0]?.key);
  };

  return {
    async category(language: Language, kind: string | null, component: string | null): Promise<AskedCategory | null> {
      const found = await categoryOf(kind, component);
      return found ? asked(found, language) : null;
    },
    /** Answers that a chosen row gives by itself: its condition says which choice was meant. */
    async given(kind: string | null): Promise<Record<string, readonly string[]>> {
      const categories = await categoriesOf(county);
      const category = categories.ofKey(kind);
      const row = category && categories.rows(category).find(({ key }) => key === kind);
      return Object.fromEntries((row ? category.questions : []).flatMap(({ code, values = [] }) => {
        const meant = values.find(({ condition }) => condition !== undefined && row!.openCondition.includes(condition));
        return meant ? [[code, [meant.key]]] : [];
      }));
    },
    /** The row that answers point to, with its name; null where the category has none. */
    async rowFor(code: string, answers: Answers, text: string): Promise<{ readonly key: string; readonly name: string } | null> {
      const categories = await categoriesOf(county);
      const category = categories.find(code);
      const row = category && rowOf(category, categories.rows(category), answers, catalogue.rank(county, text, { limit: 20 }).map(({ key }) => key));
      return row ? { key: row.key, name: `${row.minorName}：${row.openCondition}` } : null;
    },
  };
};
