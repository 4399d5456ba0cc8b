import type { Change, Context, Matter } from '../../matters/rules/workflow.ts';
import { workflow } from '../../matters/rules/workflow.ts';
import { ClockInput, FinishInput, NothingInput, ReasonInput, SucceedInput, TaskInput } from '../contract/inputs.ts';
import { succeedTask } from './intake.ts';
import { factsOf, filesOf, messageParams, said, tell } from './facts.ts';

const units = ['unithandler', 'enforcer'];

const assign = (_: Matter | null, input: TaskInput, context: Context): Change => {
  const facts = factsOf(context);
  return {
    title: input.title,
    facets: { ...facts.facets, parent: input.parent, leadUnit: input.unit },
    clocks: [{ name: 'handle', do: 'start', limit: facts.settings.clocks.task }],
    texts: said('description', input.what),
    deliveries: tell('handler_task', facts.staff[input.unit] ?? [], { number: '', title: input.title, place: facts.placeWords, link: facts.link, unit: facts.unitName }, true),
  };
};

const finish = (_: Matter, input: FinishInput, context: Context): Change => ({
  files: filesOf(factsOf(context), input.blobs, 'after'),
  texts: said('note', input.note),
});

const above = (template: string) => (matter: Matter, input: { reason?: string; clock?: string }, context: Context): Change => ({
  ...(input.clock && { set: { clock: input.clock } }),
  texts: said('reason', input.reason),
  deliveries: tell(template, template === 'due_soon' ? (factsOf(context).staff[matter.facets.leadUnit ?? ''] ?? []) : factsOf(context).above, messageParams(matter, factsOf(context))),
});

/** 协办任务: what an assisting unit has to do inside a case; a child matter with its own clock. */
export const taskWorkflow = workflow({
  kind: 'task',
  states: ['assigned', 'doing', 'done', 'returned', 'cancelled'],
  final: ['done', 'returned', 'cancelled'],
  clocks: { handle: { due: 'overdue', warn: 'remind' } },
  actions: {
    assign: { from: null, to: 'assigned', who: ['dispatcher', 'commander'], input: TaskInput, rule: assign },
    accept: { from: ['assigned'], to: 'doing', who: units, ownUnit: units, input: NothingInput, rule: (_: Matter, __: unknown, context: Context): Change => ({ facets: { handler: context.actor.id } }), primary: true },
    finish: { from: ['doing'], to: 'done', who: units, ownUnit: units, input: FinishInput, rule: finish, primary: true, expected: ['assigned'] },
    return: { from: ['assigned', 'doing'], to: 'returned', who: units, ownUnit: units, input: ReasonInput, rule: above('returned') },
    cancel: { from: ['assigned', 'doing'], to: 'cancelled', who: ['dispatcher', 'commander'], input: NothingInput },
    succeed: { from: ['assigned', 'doing'], to: 'same', who: ['system'], input: SucceedInput, rule: succeedTask },
    remind: { from: 'any', to: 'same', who: ['system'], input: ClockInput, rule: above('due_soon') },
    overdue: { from: 'any', to: 'same', who: ['system'], input: ClockInput, rule: above('overdue') },
  },
});
