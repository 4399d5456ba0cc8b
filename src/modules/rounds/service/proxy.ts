import type { Actor } from '../../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { BodyOf, ResponseOf } from '../../../base/route.ts';
import { MatterMoved, stateLabel, type Done } from '../../matters/index.ts';
import { leadsFrom } from '../../matters/rules/permit.ts';
import type { actFor, readTheirs } from '../contract/visits.ts';
import { countyOf, type Language, type Needs } from './needs.ts';

type Ask = BodyOf<typeof actFor>;

/** 代办: what is done for residents who have agreed to it. */
export interface Proxies {
  /**
   * One action, in whose entry stand both who acted and for whom; the resident is told in the same transaction.
   * Refusals: those of `act`, 403 `identity.consent`, 409 `identity.consent_ended`, 404 `matters.not-found`.
   */
  act(actor: Actor, ask: Ask): Promise<Result<Done>>;
  /** Refusals: 403 `identity.consent`, 409 `identity.consent_ended`. */
  theirs(actor: Actor, asked: string | undefined, consent: string, language: Language): Promise<Result<ResponseOf<typeof readTheirs>>>;
}

/** What a resident has agreed to where it is done for them. */
const scopeOf = { report: 'report', note: 'report', rate: 'rate', askReopen: 'rate' } as const;
const shown = 20;
const attempts = 4;

/** Somebody else was faster, or sent the same in the same moment: worth another try. */
const isRace = (error: unknown): boolean => error instanceof MatterMoved || (error as { readonly constraint?: string }).constraint === 'operation_pkey';

export const createProxies = ({ world, ledger, identity, matters, send }: Needs): Proxies => ({
  async act(actor, ask) {
    const county = countyOf(actor, ask.county);
    if (isRefusal(county)) return county;
    const consent = await identity.consents.valid(actor, county, ask.consent, scopeOf[ask.do]);
    if (isRefusal(consent)) return consent;
    const behalf = `contact:${consent.contact}`;
    const whole = ask.matter === undefined ? undefined : await matters.whole(world.db, county, ask.matter);
    if (ask.do !== 'report' && whole?.matter.facets.reporter !== behalf) return refuse(404, 'matters.not-found');
    const call = {
      actor, behalf, county, kind: ask.do === 'report' ? 'case' : whole!.matter.kind, matter: ask.do === 'report' ? null : ask.matter!, action: ask.do, op: ask.op, ...(ask.done && { done: ask.done }),
      input: ask.do === 'report' ? { ...(ask.input as object), contact: consent.contact, channel: 'gridworker' } : ask.input,
    };
    const carry = (): Promise<Result<Done>> => world.db.transaction(async (tx) => {
      const done = await matters.actIn(tx, call);
      if (isRefusal(done)) return done;
      // Under the id of the operation: sent again, it is told once.
      await send(tx, { county, id: ask.op, template: `proxy_${ask.do}`, recipient: behalf, params: { name: actor.name ?? '', number: done.number }, at: world.now() });
      return done;
    });
    for (let turn = 1; ; turn++) {
      try {
        const done = await carry();
        ledger.sequencer.nudge(county);
        return done;
      } catch (error) {
        if (!isRace(error) || turn === attempts) throw error;
      }
    }
  },

  async theirs(actor, asked, id, language) {
    const county = countyOf(actor, asked);
    if (isRefusal(county)) return county;
    const reports = await identity.consents.valid(actor, county, id, 'report');
    const rates = await identity.consents.valid(actor, county, id, 'rate');
    const consent = isRefusal(reports) ? rates : reports;
    if (isRefusal(consent)) return consent;
    const wholes = await Promise.all((await matters.reportedBy(world.db, county, `contact:${consent.contact}`, shown)).map((each) => matters.whole(world.db, county, each)));
    const { workflow } = matters.kinds.get('case');
    return {
      items: wholes.flatMap((whole) => {
        if (whole?.matter.kind !== 'case') return [];
        const { matter } = whole;
        const open = (action: 'note' | 'rate' | 'askReopen'): boolean => leadsFrom(workflow.actions[action]!, matter, workflow.final) && !isRefusal(scopeOf[action] === 'report' ? reports : rates);
        const stars = typeof matter.data['rating'] === 'number' ? matter.data['rating'] : null;
        const may = (['note', 'rate', 'askReopen'] as const).filter((action) => open(action) && !(action === 'rate' && stars !== null) && !(action === 'askReopen' && typeof matter.data['reopenAsked'] === 'number'));
        return [{ id: matter.id, number: matter.number, title: matter.title, state: matter.state, stateLabel: stateLabel('case', matter.state, language), at: new Date(matter.createdAt).toISOString(), stars, may }];
      }),
    };
  },
});
