import type { Command } from '../../platform/command/command.ts';
import type { World } from '../../platform/world.ts';
import { demoCommands } from '../../demo/commands.ts';
import { catalogueCommands } from '../../modules/catalogue/commands.ts';
import { componentCommands } from '../../modules/components/commands.ts';
import { historyCommands } from '../../modules/history/commands.ts';
import { identityCommands } from '../../modules/identity/commands.ts';
import { ledgerCommands, rebuildCommand } from '../../modules/ledger/commands.ts';
import { placesCommands } from '../../modules/places/commands.ts';
import { sensingCommands } from '../../modules/sensing/commands.ts';
import { heldBy } from '../operator/held.ts';
import { keyCommands } from '../operator/keys.ts';
import { placeBook } from '../operator/place-book.ts';
import { settingsCommands } from '../operator/settings.ts';
import { openModules } from './modules.ts';
import type { Town } from './town.ts';

/**
 * Commands of the modules.
 * @param open opens the town when the first of them needs it
 * @param openEmpty opens a world for a demo, and says whether anything is in it
 */
export const moduleCommands = (open: () => Promise<Town>, openEmpty: () => Promise<World & { readonly empty: boolean }>): readonly Command[] => {
  const modules = async () => (await open()).modules;
  return [
    rebuildCommand(modules),
    ...ledgerCommands(async () => {
      const { world, ledger, matters } = await modules();
      return { ledger, texts: async (county, matter) => (await matters.texts(world.db, county, matter)).map(({ id, text, salt }) => ({ id, salt, text })) };
    }),
    ...placesCommands(modules),
    ...componentCommands(modules),
    ...catalogueCommands(modules),
    ...historyCommands(modules),
    ...sensingCommands(modules),
    ...settingsCommands(modules),
    ...keyCommands(modules),
    ...identityCommands(async () => {
      const { identity, places, offices } = await modules();
      return { identity, placeBook: (county) => placeBook(places, county), inHand: (county, unit) => heldBy(offices, county, unit) };
    }),
    ...demoCommands(async () => ({ world: await openEmpty(), open: openModules })),
  ];
};
