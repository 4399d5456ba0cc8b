import { readPlace } from '../../../../modules/places/contract.ts';
import { call } from '../../../shared/client.ts';
import { useResource } from '../../../shared/resource.ts';

/** Names that were read already: a list names the same few places on every row. */
const known = new Map<string, Promise<string>>();

const nameOf = (code: string): Promise<string> => {
  const before = known.get(code);
  if (before) return before;
  const name = call(readPlace, { params: { code }, query: {} }).then((place) => place.name);
  known.set(code, name);
  // Asked again where it failed.
  name.catch(() => known.delete(code));
  return name;
};

/** The name of the place at the end of a grant's path; its code while that is being read, or where it may not be. Null for the whole county. */
export const usePlaceName = (path: string): string | null => {
  const code = path.split('/').filter(Boolean).at(-1) ?? null;
  const name = useResource(code === null ? null : `place ${code}`, () => nameOf(code!));
  return code === null ? null : (name.data ?? code);
};
