import type { Actor } from '../../../base/actor.ts';
import type { ActorId } from '../../../base/ids.ts';
import { say } from '../../../base/text/language.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { Identity } from '../../../modules/identity/index.ts';
import type { Matters } from '../../../modules/matters/index.ts';
import type { Replies } from '../../../modules/outreach/index.ts';
import type { World } from '../../../platform/world.ts';

/** What is done with a reply to a text message: the resident's own action, as on the page that they follow. */
export const repliesBy = ({ db }: World, identity: Identity, matters: Matters): Replies => {
  const resident = (id: string): Actor => ({ id: id as ActorId, kind: 'resident', name: null, grants: [] });
  const languageOf = async (county: string, contact: string) => (await identity.contacts.preferences(db, county, contact))?.language ?? 'zh-Hans';
  return {
    async answer(county, matter, contact, meaning, words, op) {
      // "Solved" is no level of satisfaction: that is asked by callback and on the page.
      if (meaning === 'solved') return matters.act({ actor: resident(contact), behalf: null, county, kind: 'case', matter, action: 'confirm', input: {}, op });
      const said = say(textsOf('outreach'), await languageOf(county, contact), 'said_unsolved');
      return matters.act({ actor: resident(contact), behalf: null, county, kind: 'case', matter, action: 'askReopen', input: { reason: words === '' ? said : `${said}：${words}`.slice(0, 500) }, op });
    },
    note: (county, matter, contact, words, op) => matters.act({ actor: resident(contact), behalf: null, county, kind: 'case', matter, action: 'note', input: { text: words.slice(0, 500) }, op }),
  };
};
