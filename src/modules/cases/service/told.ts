import type { Actor } from '../../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { Asker, ReportDesk } from '../pages/desk.ts';
import type { Needs } from './needs.ts';

type ToldDesk = Pick<ReportDesk, 'eraseMe' | 'told' | 'choose' | 'subscribe' | 'unsubscribe' | 'mailOf' | 'confirmMail' | 'wechatAt' | 'wechatIn' | 'bindWechat'>;

/** What a browser's Push API gives, as JSON; undefined for what is none. */
const subscriptionOf = (text: string): { endpoint: string; p256dh: string; auth: string } | undefined => {
  try {
    const { endpoint, keys } = JSON.parse(text) as { endpoint?: unknown; keys?: { p256dh?: unknown; auth?: unknown } };
    return typeof endpoint === 'string' && typeof keys?.p256dh === 'string' && typeof keys.auth === 'string' ? { endpoint, p256dh: keys.p256dh, auth: keys.auth } : undefined;
  } catch {
    return undefined;
  }
};

/** The part of the residents' desk where they choose how they are told. */
export const createToldDesk = ({ world, identity, outreach }: Pick<Needs, 'world' | 'identity' | 'outreach'>, county: string, contactOf: (ask: Asker) => Promise<string | null>): ToldDesk => {
  const { telling, addresses, offers, wechat } = outreach;
  const chooser = (contact: string) => ({ actor: { id: contact as Actor['id'], kind: 'resident' as const, name: null, grants: [] }, grant: { role: 'resident', unit: null } });
  const mine = async (ask: Asker): Promise<Result<string>> => (await contactOf(ask)) ?? refuse(401, 'case.no-phone');
  return {
    async eraseMe(ask) {
      const contact = await mine(ask);
      return isRefusal(contact) ? contact : identity.contacts.erase(county, contact, chooser(contact), 'self');
    },
    async told(ask) {
      const contact = await contactOf(ask);
      const view = contact === null ? null : await telling.read(county, contact);
      return view === null || isRefusal(view) ? null : { ...view, pushKey: offers.has('push') ? (await addresses.pushKey(county)).publicKey : null };
    },
    async choose(ask, choice) {
      const contact = await mine(ask);
      return isRefusal(contact) ? contact : telling.choose(county, contact, choice, chooser(contact));
    },
    async subscribe(ask, text) {
      const [contact, subscription] = [await mine(ask), subscriptionOf(text)];
      if (isRefusal(contact)) return contact;
      const kept = subscription ? await addresses.subscribe(county, `contact:${contact}`, subscription) : refuse(422, 'outreach.subscription');
      return isRefusal(kept) ? kept : telling.choose(county, contact, { channel: 'push' }, chooser(contact));
    },
    async unsubscribe(ask) {
      const contact = await mine(ask);
      if (isRefusal(contact)) return;
      await addresses.drop(world.db, county, `contact:${contact}`, 'push');
      const view = await telling.read(county, contact);
      if (!isRefusal(view) && view.channel === 'push') await telling.choose(county, contact, { channel: 'sms' }, chooser(contact));
    },
    wechatAt: (state) => wechat?.agreeAt(state) ?? null,
    async wechatIn(ask, code) {
      const openid = await wechat?.openidOf(code);
      if (!wechat || openid === undefined) return null;
      const owner = await wechat.contactOf(county, openid);
      if (owner !== undefined) return { openid, session: (await identity.sessions.openResident(county, owner)).token, bound: true };
      return { openid, session: null, bound: await this.bindWechat(ask, openid) };
    },
    async bindWechat(ask, openid) {
      const contact = await mine(ask);
      if (!wechat || isRefusal(contact)) return false;
      await wechat.bind(county, contact, openid);
      return !isRefusal(await telling.choose(county, contact, { channel: 'wechat' }, chooser(contact)));
    },
    mailOf: (token) => telling.mailOf(token) ?? refuse(422, 'outreach.mail_link'),
    async confirmMail(token) {
      const link = telling.mailOf(token);
      const kept = await telling.confirmMail(token);
      return isRefusal(kept) ? kept : { email: link?.email ?? '' };
    },
  };
};
