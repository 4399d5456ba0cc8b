import { readdirSync } from 'node:fs';
import { theSystem } from '../../base/actor.ts';
import { addKey, openKeys } from '../../platform/keys.ts';
import type { Command } from '../../platform/command/command.ts';
import { renewProbe } from '../../platform/keyCheck.ts';
import { sealAnew, type SealedTable } from '../../platform/sealed.ts';
import { cameraSealed } from '../../modules/cameras/index.ts';
import { exchangeSealed } from '../../modules/exchange/index.ts';
import { identitySealed } from '../../modules/identity/index.ts';
import { outreachSealed } from '../../modules/outreach/index.ts';
import { roundsSealed } from '../../modules/rounds/index.ts';
import { webhooksSealed } from '../../modules/webhooks/index.ts';
import type { Modules } from '../town/modules.ts';

/** Everything that is kept sealed for longer than a day. */
export const sealedTables: readonly SealedTable[] = [...identitySealed, ...outreachSealed, ...roundsSealed, ...exchangeSealed, ...cameraSealed, ...webhooksSealed];


/** Keys that another may follow; an index key cannot, see `addKey`. */
const rotated = ['data', 'token', 'ledger'] as const;

/** `keys`: which there are, a new key for personal values, tokens or the ledger, and sealing anew what an earlier one sealed. */
export const keyCommands = (open: () => Promise<Pick<Modules, 'world' | 'ledger' | 'places'>>): readonly Command[] => [{
  name: 'keys show',
  async run() {
    // Opening the town has held the folder against the database: these are its keys.
    const { world } = await open();
    const files = readdirSync(world.config.keys).filter((name) => /^[a-z]+-\d{4}\.json$/u.test(name)).sort();
    return { done: true, data: { folder: world.config.keys, files, fingerprint: world.keys.fingerprint }, lines: [world.config.keys, ...files.map((name) => `  ${name}`), world.keys.fingerprint] };
  },
}, {
  name: 'keys rotate', args: [{ name: 'purpose', required: true, oneOf: [...rotated] }],
  async run(call) {
    const { world, ledger, places } = await open();
    const purpose = rotated.find((one) => one === call.arg('purpose'))!;
    const from = world.keys.ledger.verifier;
    const file = addKey(world.config.keys, purpose);
    world.log.info({ file }, 'a key was added');
    // The log itself says that its signer changes; checkpoints of either key stay provable, for the earlier file stays.
    if (purpose === 'ledger') {
      const to = openKeys(world.config.keys).ledger.verifier;
      const at = new Date(world.now()).toISOString();
      await world.db.transaction(async (tx) => ledger.append(tx, (await places.counties()).map(({ county }) => ({ v: 1 as const, county, subject: 'config' as const, kind: 'ledger-key', action: 'rotate', actor: { id: theSystem.id, role: 'system' }, at, set: { from, to } }))));
      return { done: true, data: { done: true, file, folder: world.config.keys, verifier: to }, lines: [call.say('keys.rotate.ledger', { file, folder: world.config.keys, verifier: to })] };
    }
    if (purpose === 'token') return { done: true, data: { done: true, file, folder: world.config.keys }, lines: [call.say('keys.rotate.token', { file, folder: world.config.keys })] };
    return { done: true, data: { done: true, file, folder: world.config.keys }, lines: [call.say('keys.rotate.done', { file, folder: world.config.keys })] };
  },
}, {
  name: 'keys reseal',
  async run(call) {
    const { world } = await open();
    const values = await sealAnew(world, sealedTables);
    // Last: from then on the earlier keys are no longer asked for.
    await renewProbe(world.db, world.keys, world.now());
    return { done: true, data: { done: true, values }, lines: [call.say('keys.reseal.done', { values })] };
  },
}];
