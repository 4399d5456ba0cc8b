import { theSystem } from '../../base/actor.ts';
import { isRefusal, type Refusal } from '../../base/result.ts';
import { say } from '../../base/text/language.ts';
import { WrongUse, type Command, type CommandCall, type CommandResult } from '../../platform/command/command.ts';
import { textsOf } from '../../platform/texts.ts';
import type { Identity } from '../identity/index.ts';
import type { Sensing } from './index.ts';

/** What the commands need of the town that they open. */
export interface SensorTown {
  readonly sensing: Pick<Sensing, 'register'>;
  readonly identity: Pick<Identity, 'county'>;
}

const refused = (call: CommandCall, { reason, params, errors = [] }: Refusal): CommandResult => {
  const words = (key: string, values?: Refusal['params']): string => say(textsOf('reasons'), call.language, key, values);
  return {
    done: false, data: { done: false, reason, params: { ...params }, errors: errors.map((one) => ({ path: one.path, reason: one.reason, message: words(one.reason, one.params) })) },
    lines: [words(reason, params), ...errors.map((one) => `  ${one.path}  ${words(one.reason, one.params)}`)],
  };
};

const ways = ['rotate', 'revoke', 'none'] as const;

/** `device add` registers one and tells its key; `device key` gives another, or ends the one that was stolen. */
export const sensingCommands = (open: () => Promise<SensorTown>): readonly Command[] => [{
  name: 'device add',
  args: [{ name: 'code', required: true }, { name: 'kind', required: true }],
  options: [{ name: 'component', value: 'text' }, { name: 'lng', value: 'number' }, { name: 'lat', value: 'number' }, { name: 'name', value: 'text' }, { name: 'unit', value: 'text' }, { name: 'county', value: 'text' }],
  async run(call) {
    const { sensing, identity } = await open();
    const county = await identity.county(call.text('county'));
    if (isRefusal(county)) return refused(call, county);
    const [component, lng, lat, name, unit] = [call.text('component'), call.number('lng'), call.number('lat'), call.text('name'), call.text('unit')];
    const made = await sensing.register.add(theSystem, county, [{
      code: call.arg('code'), kind: call.arg('kind'), ...(component !== undefined && { component }), ...(lng !== undefined && { lng }), ...(lat !== undefined && { lat }), ...(name !== undefined && { name }), ...(unit !== undefined && { unit }),
    }], true);
    if (isRefusal(made)) return refused(call, made);
    return { done: true, data: { done: true, county, code: made[0]!.code, key: made[0]!.key }, lines: [call.say('device.added', { code: made[0]!.code }), made[0]!.key ?? ''] };
  },
}, {
  name: 'device key',
  args: [{ name: 'code', required: true }],
  options: [{ name: 'how', value: 'text' }, { name: 'county', value: 'text' }],
  async run(call) {
    const asked = call.text('how') ?? 'rotate';
    const how = ways.find((one) => one === asked);
    if (!how) throw new WrongUse('wrong.word', { word: asked, right: ways.join(', ') });
    const { sensing, identity } = await open();
    const county = await identity.county(call.text('county'));
    const made = isRefusal(county) ? county : await sensing.register.key(theSystem, county, call.arg('code'), how);
    if (isRefusal(made)) return refused(call, made);
    return {
      done: true, data: { done: true, code: call.arg('code'), ...made },
      lines: [call.say(`device.${how}`, { code: call.arg('code') }), ...(made.key === null ? [] : [made.key]), ...(made.beforeUntil === null ? [] : [call.say('device.before', { time: made.beforeUntil })])],
    };
  },
}];
