import { Type } from 'typebox';
import type { Actor, Grant } from '../../src/base/actor.ts';
import type { ActorId, CountyCode, PlacePath, UnitId } from '../../src/base/ids.ts';
import { createLedger } from '../../src/modules/ledger/index.ts';
import { createMatters, workflow, type Change, type Context, type Kind, type Labels, type Matter } from '../../src/modules/matters/index.ts';
import { compileScope, shippedRoles } from '../../src/modules/identity/index.ts';
import { testWorld, type TestWorldOptions } from '../support/world.ts';

export const county = '330281' as CountyCode;

/** A person with one role in the whole county, or under a place. */
export const person = (n: number, role: string, unit: string | null = null, place = ''): Actor => {
  const id = `00000000-0000-7000-8000-0000000001${String(n).padStart(2, '0')}` as ActorId;
  const grant: Grant = { id: `g${n}`, county, role, unit: unit as UnitId | null, place: place as PlacePath, purpose: null, from: 0, until: null };
  return { id, kind: 'account', name: `Person ${n}`, grants: [grant] };
};

/** A bench in the park that somebody must mend: the smallest kind with a clock, a message and four eyes. */
export const benchKind: Kind = {
  workflow: workflow({
    kind: 'bench', states: ['broken', 'mending', 'mended', 'gone'], final: ['mended', 'gone'],
    clocks: { mend: { due: 'late' } },
    actions: {
      report: {
        from: null, to: 'broken', who: ['collector', 'gridworker'], input: Type.Object({ text: Type.String({ maxLength: 100 }), place: Type.Optional(Type.String()) }, { additionalProperties: false }),
        rule: (_: null, input: { text: string; place?: string }, context: Context): Change => ({
          title: 'A bench', facets: { reporter: `account:${context.actor.id}`, path: input.place ?? '33/3302/330281/' }, texts: [{ name: 'description', text: input.text, personal: false }],
          clocks: [{ name: 'mend', do: 'start', limit: { amount: 2, unit: 'workingDay' } }],
        }),
      },
      take: { from: ['broken'], to: 'mending', who: ['unithandler'], input: Type.Object({}), primary: true, rule: (_: Matter, __: unknown, context: Context): Change => ({ facets: { handler: context.actor.id } }) },
      wait: { from: ['mending'], to: 'same', who: ['unithandler'], input: Type.Object({}), pauses: ['mend'] },
      goOn: { from: ['mending'], to: 'same', who: ['unithandler'], input: Type.Object({}), resumes: ['mend'] },
      pass: {
        from: ['mending'], to: 'mended', who: ['gridworker', 'unithandler'], notWho: ['take'], input: Type.Object({}), expected: ['broken'],
        rule: (matter: Matter): Change => ({ deliveries: [{ template: 'verified_closed', recipient: matter.facets.reporter!, params: { title: matter.title, number: matter.number } }] }),
      },
      late: { from: 'any', to: 'same', who: ['system'], input: Type.Object({ clock: Type.String() }), rule: (matter: Matter): Change => ({ data: { late: Number(matter.data['late'] ?? 0) + 1 } }) },
      swap: {
        from: ['broken'], to: 'gone', who: ['gridworker'], input: Type.Object({ with: Type.String() }),
        rule: (_: Matter, input: { with: string }): Change => ({ also: [{ on: input.with, action: 'absorb', input: {} }] }),
      },
      absorb: { from: ['broken', 'mending'], to: 'same', who: ['system'], input: Type.Object({}), rule: (matter: Matter): Change => ({ data: { absorbed: Number(matter.data['absorbed'] ?? 0) + 1 } }) },
    },
  }),
};

const labels: Labels = {
  place: () => [], component: async () => undefined, code: () => undefined, unit: (_, id) => id, person: async (id) => id.slice(-2),
  role: (role) => role, message: async (_, template) => template, recipient: async (_, recipient) => recipient,
};

/** A world with the kernel, the ledger and the kind above. */
export const benchTown = async (options: TestWorldOptions = {}) => {
  const world = await testWorld(options);
  const ledger = createLedger(world);
  const roles = shippedRoles();
  const matters = await createMatters(world, { ledger, labels, scope: (actor) => compileScope(roles, actor, world.now()), reporter: async () => null });
  matters.register(benchKind);
  let serial = 0;
  return {
    world, ledger, matters,
    op: () => `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}`,
    close: async () => { await matters.drain(); await world.close(); },
  };
};
