import { readdirSync } from 'node:fs';
import { addKey } from '../../platform/keys.ts';
import type { Command } from '../../platform/command/command.ts';
import type { Modules } from '../town/modules.ts';

/** `keys`: which there are, a new key for personal values, and sealing anew what an earlier one sealed. */
export const keyCommands = (open: () => Promise<Pick<Modules, 'identity' | 'outreach' | 'world'>>): readonly Command[] => [{
  name: 'keys show',
  async run() {
    // Opening the town has held the folder against the database: these are its keys.
    const { world } = await open();
    const files = readdirSync(world.config.keys).filter((name) => /^[a-z]+-\d{4}\.json$/u.test(name)).sort();
    return { done: true, data: { folder: world.config.keys, files, fingerprint: world.keys.fingerprint }, lines: [world.config.keys, ...files.map((name) => `  ${name}`), world.keys.fingerprint] };
  },
}, {
  name: 'keys rotate', args: [{ name: 'purpose', required: true, oneOf: ['data'] }],
  async run(call) {
    const { world } = await open();
    const file = addKey(world.config.keys, 'data');
    world.log.info({ file }, 'a data key was added');
    return { done: true, data: { done: true, file, folder: world.config.keys }, lines: [call.say('keys.rotate.done', { file, folder: world.config.keys })] };
  },
}, {
  name: 'keys reseal',
  async run(call) {
    const { identity, outreach } = await open();
    const values = (await outreach.reseal()) + (await identity.reseal());
    return { done: true, data: { done: true, values }, lines: [call.say('keys.reseal.done', { values })] };
  },
}];
