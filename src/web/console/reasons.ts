import { listReasons } from '../../modules/cases/contract/routes.ts';
import { call } from '../shared/client.ts';
import { useLanguage } from '../shared/language.tsx';
import { useResource } from '../shared/resource.ts';

const none: readonly string[] = [];

/** Reasons that the county keeps ready for an action; none where no action is open, or until they have come. */
export const useReasons = (action: string | null): readonly string[] => {
  const { language } = useLanguage();
  const list = useResource(action === null ? null : `${language} ${action}`, async (signal) =>
    (await call(listReasons, { signal })).items.filter(({ actions }) => actions.includes(action!)).map(({ text }) => text));
  return list.data ?? none;
};
