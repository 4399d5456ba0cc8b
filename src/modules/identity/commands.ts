import { say } from '../../base/language.ts';
import { isRefusal } from '../../base/result.ts';
import { WrongUse, type Command } from '../../platform/command/command.ts';
import { textsOf } from '../../platform/texts.ts';
import type { Identity } from './index.ts';

/** What the commands need of the town that they open. */
export interface IdentityTown {
  readonly identity: Identity;
}

/** `init COUNTY`: opens a county and gives its first administrator a one-time link. */
export const identityCommands = (open: () => Promise<IdentityTown>): Command[] => [{
  name: 'init',
  args: [{ name: 'county', required: true }],
  options: [{ name: 'name', value: 'text' }, { name: 'login', value: 'text' }],
  async run(call) {
    const county = call.arg('county');
    if (!/^[0-9A-Za-z]{2,12}$/.test(county)) throw new WrongUse('wrong.word', { word: county, right: '330281' });
    const { identity } = await open();
    const login = call.text('login') ?? 'admin';
    if (!/^[a-z0-9][a-z0-9._-]{1,63}$/.test(login)) throw new WrongUse('wrong.word', { word: login, right: 'admin' });
    const first = await identity.openCounty(county, call.text('name') ?? county, login);
    if (isRefusal(first)) return { done: false, data: { reason: first.reason }, lines: [say(textsOf('reasons'), call.language, first.reason, first.params)] };
    return { done: true, data: { county, login: first.login, link: first.link }, lines: [call.say('init.done', { login: first.login }), first.link, call.say('init.next')] };
  },
}];
