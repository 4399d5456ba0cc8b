import { dutyPeople } from '../../../../modules/places/contract.ts';
import { call } from '../../../shared/client.ts';
import type { Choice } from '../../../ui/forms/picker.tsx';

/** Who may be put on a roster, by what has been typed. */
export const findPeople = async (typed: string, signal: AbortSignal): Promise<Choice[]> => {
  const text = typed.trim();
  const { items } = await call(dutyPeople, { query: { ...(text && { text }) }, signal });
  return items.map(({ key, name, login }) => ({ id: key, name, note: login }));
};
