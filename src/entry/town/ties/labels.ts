import type { CountyCode } from '../../../base/ids.ts';
import type { Language } from '../../../base/text/language.ts';
import type { Catalogue } from '../../../modules/catalogue/index.ts';
import type { Components } from '../../../modules/components/index.ts';
import type { Identity, UnitRow } from '../../../modules/identity/index.ts';
import type { Labels } from '../../../modules/matters/index.ts';
import type { Outreach } from '../../../modules/outreach/index.ts';
import type { Places, PlaceTree } from '../../../modules/places/index.ts';
import { remembered } from '../../../platform/remembered.ts';
import type { World } from '../../../platform/world.ts';

interface Sources {
  readonly identity: Identity;
  readonly outreach: () => Outreach;
  readonly places: Places;
  readonly components: Components;
  readonly catalogue: Catalogue;
}

/** How long a name may be remembered before it is read again, in milliseconds. */
const keepMs = 30_000;

/** Names for the codes that matters hold, from the modules that know them. `warm` first reads what is answered without waiting. */
export const createLabels = (world: World, { identity, outreach, places, components, catalogue }: Sources): Labels & { warm(): Promise<void>; path(county: string, code: string): string | undefined } => {
  const trees = new Map<string, PlaceTree>();
  const units = new Map<string, Map<string, UnitRow>>();
  const person = remembered(world.now, keepMs, async (id) => (await identity.accounts.names(world.db, [id])).get(id));
  const component = remembered(world.now, keepMs, async (key) => {
    const [county, code] = key.split(' ') as [string, string];
    return (await components.find(county, code))?.name;
  });
  const readUnits = async (county: string): Promise<void> => {
    const found = new Map<string, UnitRow>();
    for (let after = ''; ;) {
      const page = await identity.units.list(world.db, county, after, 200);
      for (const unit of page) found.set(unit.id, unit);
      if (page.length < 200) break;
      after = page.at(-1)!.id;
    }
    units.set(county, found);
  };
  return {
    async warm() {
      for (const { county } of await places.counties()) {
        trees.set(county, await places.tree(county as CountyCode));
        await readUnits(county);
      }
    },
    path: (county, code) => trees.get(county)?.find(code)?.path,
    place(county, code) {
      const tree = trees.get(county);
      const found = tree?.find(code);
      return found ? tree!.chain(found).filter(({ level }) => !['province', 'city', 'county'].includes(level)).map(({ name }) => name) : [code];
    },
    component: (county, code) => component(`${county} ${code}`),
    code: (county, code, version) => {
      const row = version === undefined ? undefined : catalogue.row(county, version, code);
      return row && `${row.majorName} / ${row.minorName}`;
    },
    unit: (county, id, language) => units.get(county)?.get(id)?.name[language],
    person,
    role: (role: string, language: Language) => identity.roles.roles[role]?.label[language] ?? role,
    async message(county, template, params, language) {
      // Read before it is asked for: a process that has sent nothing yet knows only what ships.
      await outreach().wordings.of(county);
      return outreach().text(template, params, language, county);
    },
    recipient: async (county, recipient, language) => (await outreach().recipients(world.db, county, [recipient], language)).get(recipient) ?? recipient.split(':')[0]!,
  };
};
