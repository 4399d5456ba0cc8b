import { say, type Language, type Text } from '../../../base/text/language.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { Matter } from '../../matters/index.ts';
import type { Needs } from './needs.ts';

/** What explains a case on its page, beside its state and clocks: component, conditions, why it was sent there, how it came in. */
export const createExplain = ({ catalogue, components, matters }: Needs) => async (matter: Matter, language: Language) => {
  const { county, facets, data } = matter;
  const text = (key: string, params?: Record<string, string | number>): string => say(textsOf('kinds'), language, key, params);
  const rows: { key: string; label: string; words: string }[] = [];
  const add = (key: string, words: string | undefined): void => {
    if (words) rows.push({ key, label: text(`case.explain.${key}`), words });
  };
  if (facets.component !== undefined) {
    const component = await components.find(county, facets.component);
    const metres = data['metres'] as number | undefined;
    if (component)
      add('accuracy', text(metres === undefined ? 'case.explain.component.words' : 'case.explain.component.metres', { name: component.className, code: component.code, accuracy: component.accuracy, ...(metres !== undefined && { metres }) }));
  }
  if (typeof data['channel'] === 'string') add('channel', text(`case.channel.${data['channel']}`));
  const imported = data['imported'] as { readonly source: string; readonly id: string; readonly reportedAt: string } | undefined;
  if (imported) add('imported', text('case.explain.imported.words', { source: imported.source, id: imported.id, at: new Date(Date.parse(imported.reportedAt) + matters.calendar(county).offsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ') }));
  const row = facets.code !== undefined && facets.codeVersion !== undefined ? catalogue.row(county, facets.codeVersion, facets.code) : undefined;
  if (row) {
    add('filing', row.openCondition);
    add('closing', row.closeCondition);
    add('limit', row.limitText);
  }
  const route = data['route'] as { order: number | null; words: Text | null } | undefined;
  if (route) add('rule', route.order === null ? text('case.explain.rule.hand') : text('case.explain.rule.words', { order: route.order, words: route.words?.[language] ?? '' }));
  if (typeof data['mergedNumber'] === 'string') add('merged', data['mergedNumber']);
  return rows;
};
