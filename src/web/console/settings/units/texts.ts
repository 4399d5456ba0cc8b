import { sayOf } from '../../../shared/language.tsx';
import officeTexts from '../../../../../data/texts/offices-pages.json' with { type: 'json' };

/** Says the texts of units and of what changed. */
export const useOfficeSay = sayOf(officeTexts);
export type OfficeKey = keyof typeof officeTexts;

/** Says what kind of unit one is; a kind that came in with an import and has no words stands as it is. */
export const useUnitKind = (): ((kind: string) => string) => {
  const say = useOfficeSay();
  return (kind) => (`kind.${kind}` in officeTexts ? say(`kind.${kind}` as OfficeKey) : kind);
};
