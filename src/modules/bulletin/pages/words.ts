import { say, type Params } from '../../../base/text/language.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { Visitor } from '../../cases/index.ts';
import type texts from '../../../../data/texts/bulletin.json';

/** A key of data/texts/bulletin.json. */
export type BulletinKey = keyof typeof texts;
export type Say = (key: BulletinKey, params?: Params) => string;

/** Words of the public view; in the elder version the shorter ones, where there are. */
export const wordsFor = ({ language, elder }: Pick<Visitor, 'language' | 'elder'>): Say => (key, params) => {
  const all: Readonly<Record<string, unknown>> = textsOf('bulletin');
  return say(textsOf('bulletin'), language, elder && `${key}.elder` in all ? `${key}.elder` : key, params);
};
