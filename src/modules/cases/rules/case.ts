import { workflow } from '../../matters/rules/workflow.ts';
import {
  AbsorbInput, ArriveInput, AssistingInput, CallbackInput, CheckInput, ClockInput, DecideAppealInput, DispatchInput, ExtensionInput, FileInput, FinishInput,
  FollowInput, HoldInput, HandInput, SucceedInput, LinkInput, MergeInput, NoteInput, NothingInput, PartInput, PublishInput, RateInput, ReasonInput, RedispatchInput, ReleaseInput, ReplyInput, ReportInput, ResumeInput, ReturnInput, ReworkInput, SplitInput, VerifyInput,
} from '../contract/inputs.ts';
import { annul, askReopen, callback, confirm, follow, hand, note, overdue, promise, publish, rate, refuseReopen, remind, reopen, reopenWaits, reply, urge, withhold } from './aside.ts';
import { escalate } from './ladder.ts';
import {
  accept, appeal, approveExtension, approveHold, arrive, close, decideAppeal, finish, giveBack, mayAppeal, mayClose, mayExtend, mayHold, refuseRequest,
  requestExtension, requestHold, resume, rework, verify, waitsFor,
} from './handling.ts';
import { addAssisting, check, decline, dispatch, file, redispatch, report, requestCheck, succeed } from './intake.ts';
import { absorb, hasLinks, isNoPart, link, linked, merge, part, release, split, unlink, unlinked, unmerge } from './links.ts';

const desk = ['intake', 'dispatcher'];
const units = ['unithandler', 'enforcer'];
const eyes = ['collector', 'gridworker', 'gridchief', 'intake'];
/** Who is independent of a case: nobody who handled it, and nobody who found it well handled. */
const handlers = ['accept', 'arrive', 'finish'];
const inHand = ['dispatched', 'handling', 'verifying', 'verified', 'held'];

const states = ['reported', 'checking', 'filed', 'dispatched', 'handling', 'held', 'verifying', 'verified', 'closed', 'declined', 'merged', 'void'];

/** 案件: the seven stages of digital city management (after GB/T 30428.2), as one declaration. */
export const caseWorkflow = workflow({
  kind: 'case',
  states,
  final: ['closed', 'declined', 'merged', 'void'],
  clocks: {
    check: { due: 'overdue', warn: 'remind' },
    file: { due: 'overdue', warn: 'remind' },
    dispatch: { due: 'overdue', warn: 'remind' },
    accept: { due: 'overdue', warn: 'remind' },
    handle: { due: 'overdue', warn: 'remind' },
    verify: { due: 'overdue', warn: 'remind' },
    hold: { due: 'resume' },
    'rise.file': { due: 'escalate' },
    'rise.handle': { due: 'escalate' },
    'rise.verify': { due: 'escalate' },
  },
  actions: {
    report: { from: null, to: 'reported', who: ['anyone'], input: ReportInput, rule: report },
    requestCheck: { from: ['reported'], to: 'checking', who: desk, input: ReasonInput, rule: requestCheck },
    check: { from: ['checking'], to: 'reported', who: ['collector', 'gridworker', 'gridchief'], input: CheckInput, rule: check, stops: ['check'], primary: true, alone: true },
    file: { from: ['reported'], to: 'filed', who: ['intake'], input: FileInput, rule: file, stops: ['file', 'check', 'rise.file'], primary: true },
    decline: { from: ['reported', 'checking'], to: 'declined', who: ['intake'], input: ReasonInput, rule: decline },
    merge: { from: ['reported', 'checking', 'filed'], to: 'merged', who: desk, input: MergeInput, rule: merge },
    absorb: { from: 'any', to: 'same', who: ['system'], input: AbsorbInput, rule: absorb },
    unmerge: { from: ['merged'], to: 'reported', who: desk, input: ReasonInput, rule: unmerge },
    release: { from: states, to: 'same', who: ['system'], input: ReleaseInput, rule: release },
    link: { from: states, to: 'same', who: desk, input: LinkInput, rule: link },
    linked: { from: states, to: 'same', who: ['system'], input: LinkInput, rule: linked },
    unlink: { from: states, to: 'same', who: desk, input: LinkInput, rule: unlink, when: hasLinks },
    unlinked: { from: states, to: 'same', who: ['system'], input: LinkInput, rule: unlinked },
    split: { from: ['reported', 'checking', 'filed', 'dispatched', 'handling'], to: 'same', who: desk, input: SplitInput, rule: split, when: isNoPart, alone: true },
    part: { from: null, to: 'filed', who: ['system'], input: PartInput, rule: part },
    dispatch: { from: ['filed'], to: 'dispatched', who: ['dispatcher', 'commander'], input: DispatchInput, rule: dispatch, stops: ['dispatch'], primary: true, expected: ['reported', 'checking'] },
    redispatch: { from: ['dispatched', 'handling'], to: 'dispatched', who: ['dispatcher', 'commander'], input: RedispatchInput, rule: redispatch },
    addAssisting: { from: ['filed', 'dispatched', 'handling'], to: 'same', who: ['dispatcher', 'commander'], input: AssistingInput, rule: addAssisting },
    succeed: { from: ['reported', 'checking', 'filed', ...inHand], to: 'same', who: ['system'], input: SucceedInput, rule: succeed },

    accept: { from: ['dispatched'], to: 'handling', who: units, ownUnit: units, input: NothingInput, rule: accept, stops: ['accept'], primary: true },
    return: { from: ['dispatched', 'handling'], to: 'filed', who: units, ownUnit: units, input: ReturnInput, rule: giveBack, stops: ['accept', 'handle'] },
    arrive: { from: ['handling'], to: 'same', who: units, ownUnit: units, input: ArriveInput, rule: arrive, primary: true, alone: true },
    finish: { from: ['handling'], to: 'verifying', who: units, ownUnit: units, input: FinishInput, rule: finish, stops: ['handle'], pauses: ['rise.handle'], primary: true, expected: ['dispatched'], alone: true },
    verify: { from: ['verifying'], to: 'verified', who: [...eyes, 'operator'], notWho: handlers, input: VerifyInput, rule: verify, stops: ['verify', 'rise.verify'], primary: true, expected: ['dispatched', 'handling'] },
    rework: { from: ['verifying'], to: 'handling', who: [...eyes, 'operator'], notWho: handlers, input: ReworkInput, rule: rework, stops: ['verify', 'rise.verify'], resumes: ['rise.handle'] },
    close: { from: ['verified'], to: 'closed', who: desk, notWho: handlers, input: NothingInput, rule: close, when: mayClose, primary: true, expected: ['filed', 'dispatched', 'handling', 'held', 'verifying'] },

    requestExtension: { from: ['handling'], to: 'same', who: units, ownUnit: units, input: ExtensionInput, rule: requestExtension, when: mayExtend, expected: ['dispatched'] },
    approveExtension: { from: ['handling'], to: 'same', who: ['dispatcher', 'commander'], notWho: ['requestExtension'], input: NothingInput, rule: approveExtension, when: waitsFor('extension'), awaits: 'pending', primary: true },
    refuseExtension: { from: ['handling'], to: 'same', who: ['dispatcher', 'commander'], notWho: ['requestExtension'], input: ReasonInput, rule: refuseRequest, when: waitsFor('extension') },
    requestHold: { from: ['handling'], to: 'same', who: units, ownUnit: units, input: HoldInput, rule: requestHold, when: mayHold },
    approveHold: { from: ['handling'], to: 'held', who: ['dispatcher', 'commander'], notWho: ['requestHold'], input: NothingInput, rule: approveHold, when: waitsFor('hold'), awaits: 'pending', pauses: ['handle', 'rise.handle'], primary: true },
    refuseHold: { from: ['handling'], to: 'same', who: ['dispatcher', 'commander'], notWho: ['requestHold'], input: ReasonInput, rule: refuseRequest, when: waitsFor('hold') },
    resume: { from: ['held'], to: 'handling', who: ['dispatcher', 'commander', ...units], ownUnit: units, input: ResumeInput, rule: resume, stops: ['hold'], resumes: ['handle', 'rise.handle'] },
    appeal: { from: ['handling', 'verifying'], to: 'same', who: units, ownUnit: units, input: ReasonInput, rule: appeal, when: mayAppeal },
    decideAppeal: { from: ['handling', 'held', 'verifying', 'verified'], to: 'same', who: ['dispatcher', 'commander'], notWho: ['appeal'], input: DecideAppealInput, rule: decideAppeal, when: waitsFor('appeal'), awaits: 'pending', primary: true },

    hand: { from: ['reported', 'checking', 'filed', 'dispatched', 'handling'], to: 'same', who: [...desk, 'commander', 'head'], ownUnit: ['head'], input: HandInput, rule: hand },
    urge: { from: 'any', to: 'same', who: ['supervisor', 'dispatcher', 'commander'], input: ReasonInput, rule: urge },
    note: { from: 'any', to: 'same', who: [...desk, ...eyes.slice(0, 3), ...units, 'head', 'operator', 'commander', 'reporter'], ownUnit: [...units, 'head'], input: NoteInput, rule: note },
    reply: { from: states, to: 'same', who: [...desk, ...units, 'operator'], ownUnit: units, input: ReplyInput, rule: reply },
    publish: { from: states, to: 'same', who: desk, input: PublishInput, rule: publish },
    withhold: { from: states, to: 'same', who: desk, input: ReasonInput, rule: withhold },
    follow: { from: 'any', to: 'same', who: ['anyone'], input: FollowInput, rule: follow, alone: true },
    promise: { from: 'any', to: 'same', who: ['operator', ...desk], input: NothingInput, rule: promise },
    callback: { from: ['closed', 'declined'], to: 'same', who: ['operator', 'intake'], notWho: handlers, input: CallbackInput, rule: callback, alone: true },
    rate: { from: ['closed'], to: 'same', who: ['reporter'], input: RateInput, rule: rate, alone: true },
    confirm: { from: ['closed'], to: 'same', who: ['reporter'], input: NothingInput, rule: confirm, alone: true },
    askReopen: { from: ['closed'], to: 'same', who: ['reporter'], input: ReasonInput, rule: askReopen, alone: true },
    reopen: { from: ['closed'], to: 'filed', who: desk, notWho: [...handlers, 'verify'], input: ReasonInput, rule: reopen },
    refuseReopen: { from: ['closed'], to: 'same', who: desk, notWho: [...handlers, 'verify'], input: ReasonInput, rule: refuseReopen, when: reopenWaits },
    void: { from: ['reported', 'checking', 'filed', ...inHand], to: 'void', who: desk, input: ReasonInput, rule: annul },

    remind: { from: 'any', to: 'same', who: ['system'], input: ClockInput, rule: remind },
    overdue: { from: 'any', to: 'same', who: ['system'], input: ClockInput, rule: overdue },
    escalate: { from: 'any', to: 'same', who: ['system'], input: ClockInput, rule: escalate },
  },
});
