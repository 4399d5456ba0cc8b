import type { Language, Params } from '../../../base/text/language.ts';
import { say } from '../../../base/text/language.ts';
import { textsOf } from '../../../platform/texts.ts';

/**
 * Names for the codes that matters hold. The kernel stands under the modules that know them (places, components,
 * code tables, people), so they are handed in.
 */
export interface Labels {
  /** Names from the town down. */
  place(county: string, code: string, language: Language): readonly string[];
  component(county: string, code: string, language: Language): Promise<string | undefined>;
  code(county: string, code: string, version: number | undefined, language: Language): string | undefined;
  unit(county: string, id: string, language: Language): string | undefined;
  /** Staff by account id; undefined for residents. */
  person(id: string): Promise<string | undefined>;
  role(role: string, language: Language): string;
  /** What a message says in the county's own words. */
  message(county: string, template: string, params: Params, language: Language): Promise<string>;
  /** A recipient as a person may see it: a name of staff, a masked phone. */
  recipient(county: string, recipient: string, language: Language): Promise<string>;
}

const kinds = () => textsOf('kinds');

export const stateLabel = (kind: string, state: string, language: Language): string => say(kinds(), language, `${kind}.state.${state}`);
export const kindLabel = (kind: string, language: Language): string => say(kinds(), language, `${kind}.name`);
export const actionLabel = (kind: string, action: string, language: Language): string => say(kinds(), language, `${kind}.action.${action}`);
export const relationLabel = (kind: string, relation: string, language: Language): string => say(kinds(), language, `${kind}.relation.${relation}`);
export const clockLabel = (kind: string, clock: string, language: Language): string => say(kinds(), language, `${kind}.clock.${clock}`);
export const kernelText = (key: string, language: Language, params?: Params): string => say(textsOf('matters'), language, key, params);
