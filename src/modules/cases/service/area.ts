import type { Language, Text } from '../../../base/text/language.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { isRefusal } from '../../../base/result.ts';
import type { AddressChoice, AreaChoice, Box, ComponentChoice, Contacts, MapFeature, MapSheet, PlaceWords } from '../pages/desk.ts';
import type { DrawnFeature } from '../../places/index.ts';
import { readOrdinal, type Ordinal } from '../rules/text/ordinal.ts';
import type { Needs } from './needs.ts';

/** Whom residents can call and where they can go: `county.settings.contacts`. */
interface ContactSettings {
  readonly phones: readonly { readonly name: Text; readonly number: string; readonly hours: Text }[];
  readonly windows: readonly { readonly name: Text; readonly address: Text; readonly hours: Text }[];
}

/** The county as residents find their way in it. */
export interface Area {
  readonly townName: string;
  /** Where a report stands that has words for its place and nothing else. */
  readonly townCode: string;
  findAddress(words: string): Promise<readonly AddressChoice[]>;
  below(parent: string | null): Promise<readonly AreaChoice[]>;
  map(box: Box | null): Promise<MapSheet>;
  contacts(language: Language, place: string | null): Promise<Contacts>;
}

/** Metres in which somebody counts lamps from a gate. */
const countedWithin = 250;

/** Features that one sheet of the map may hold, components apart. */
const featuresAtMost = 1_500;

const featuresOf = ({ properties, geometry }: DrawnFeature): MapFeature[] => {
  const { kind, name, wide } = properties;
  switch (geometry.type) {
    case 'Point': return [];
    case 'LineString': return [{ kind: kind === 'water' ? 'river' : 'road', name, line: geometry.coordinates, metresWide: wide ?? 6 }];
    case 'MultiPolygon': {
      const drawn = kind === 'water' || kind === 'green' || kind === 'building' ? kind : 'place';
      return geometry.coordinates.map(([ring]) => ({ kind: drawn, name, ring: ring! }));
    }
  }
};

/** The place that residents call theirs: the county's only town where it has one, else the county itself. */
const homeOf = async ({ places }: Needs, county: string): Promise<{ name: string; code: string }> => {
  const tree = await places.tree(county as CountyCode);
  const towns = [...tree.all()].filter(({ level }) => level === 'town');
  const home = towns.length === 1 ? towns[0] : tree.find(county);
  return home ? { name: home.name.replace(/[镇乡市县区]$/, ''), code: home.code } : { name: county, code: county };
};

export const createArea = async (needs: Needs, county: string): Promise<Area> => {
  const { world, places, components, identity } = needs;
  const code = county as CountyCode;
  const home = await homeOf(needs, county);

  const words = async (id: string | null | undefined): Promise<PlaceWords | null> => {
    const tree = await places.tree(code);
    const found = id == null ? undefined : tree.find(id);
    return found ? { code: found.code, names: tree.chain(found).filter(({ level }) => !['province', 'city', 'county'].includes(level)).map(({ name }) => name) } : null;
  };

  const settings = async (): Promise<ContactSettings> => {
    const [row] = await world.db.query<{ contacts: ContactSettings | null }>(`select settings -> 'contacts' as contacts from county where county = $1`, [county], 'cases_contacts');
    return row?.contacts ?? { phones: [], windows: [] };
  };

  /** The component that is the second, third, … from a place that words name: 老菜场门口第二盏. At most one for each such place. */
  const countedFrom = async ({ place, nth, word }: Ordinal): Promise<AddressChoice[]> => {
    const found: AddressChoice[] = [];
    for (const { label, lng, lat } of await places.findAddress(code, place, 3)) {
      const near = await components.nearest(county, lng, lat, { classes: components.classes.said(word), limit: nth, withinMetres: countedWithin });
      const meant = near[nth - 1]?.component;
      if (meant) found.push({ label: `${meant.name}（${label}）`, lng: meant.lng, lat: meant.lat, place: await words(meant.place) });
    }
    return found;
  };

  return {
    townName: home.name,
    townCode: home.code,
    async findAddress(said) {
      const ordinal = readOrdinal(said, components.classes.words);
      const counted = ordinal ? await countedFrom(ordinal) : [];
      if (counted.length > 0) return counted;
      const found = await places.findAddress(code, said, 8);
      return Promise.all(found.map(async ({ label, lng, lat, located }) => ({ label, lng, lat, place: await words(located.place) })));
    },
    async below(parent) {
      const tree = await places.tree(code);
      const towns = [...tree.all()].filter(({ level }) => level === 'town');
      const above = parent === null ? (towns.length === 1 ? towns[0]!.code : county) : parent;
      const found: AreaChoice[] = [];
      for (const child of tree.children(above)) {
        const middle = tree.centre(child);
        if (middle) found.push({ code: child.code, name: child.name, lng: middle[0], lat: middle[1], more: child.level !== 'microgrid' && child.level !== 'grid' });
      }
      if (parent !== null) for (const road of await places.roadsIn(code, parent)) found.push({ code: `${parent}/${road.name}`, name: road.name, lng: road.lng, lat: road.lat, more: false });
      return found.sort((a, b) => a.name.localeCompare(b.name, 'zh'));
    },
    async map(box) {
      const extent = (await places.extent(code)) ?? { west: 73, south: 18, east: 135, north: 54 };
      const asked = box ?? extent;
      const drawn = await places.drawn(code, { box: asked, kinds: ['village', 'road', 'water', 'green', 'building'], limit: featuresAtMost });
      const near = await components.within(county, asked, { limit: 300 });
      const shown: ComponentChoice[] = await Promise.all(near.map(async (component) => ({
        code: component.code, name: component.name, kindName: component.className, lng: component.lng, lat: component.lat, metres: null, place: await words(component.place),
      })));
      return { extent, features: drawn.features.flatMap(featuresOf).slice(0, featuresAtMost), components: shown };
    },
    async contacts(language, place) {
      const { phones, windows } = await settings();
      const charge = place === null ? undefined : await places.inCharge(code, place, world.now());
      let gridWorker: Contacts['gridWorker'] = null;
      if (charge && !charge.gap) {
        const id = charge.person.startsWith('account:') ? charge.person.slice(8) : null;
        const name = id === null ? undefined : (await identity.accounts.names(world.db, [id])).get(id);
        const at = await words(charge.place.code);
        // A grid worker's number of service stands on every door plate; residents may call it.
        const reach = await identity.contacts.reach(world.db, county, charge.person);
        if (name && at) gridWorker = { name, phone: reach && !isRefusal(reach) ? reach.phone : null, place: at };
      }
      return {
        phones: phones.map((one) => ({ name: one.name[language], number: one.number, hours: one.hours[language] })),
        windows: windows.map((one) => ({ name: one.name[language], address: one.address[language], hours: one.hours[language] })),
        gridWorker,
      };
    },
  };
};
