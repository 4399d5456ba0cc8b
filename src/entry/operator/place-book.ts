import type { CountyCode } from '../../base/ids.ts';
import type { PlaceBook } from '../../modules/identity/index.ts';
import type { Places } from '../../modules/places/index.ts';

/** What an import of people asks of places, as they are when it begins. */
export const placeBook = async (places: Places, asked: string): Promise<PlaceBook> => {
  const county = asked as CountyCode;
  const tree = await places.tree(county);
  return {
    path: (code) => tree.find(code)?.path,
    writePosts: (tx, acting, posts) => places.writeRoster(tx, county, acting, posts),
    written: () => places.refresh(county),
  };
};
