import type { Language } from '../../../base/text/language.ts';
import type { Refusal, Result } from '../../../base/result.ts';
import type { Told, Telling } from '../../outreach/index.ts';

/** Who stands before the resident pages. */
export interface Asker {
  readonly language: Language;
  /** The address that rate limits count. */
  readonly ip: string;
  /** What `verifyCode` gave for a phone that was checked in this browser; null where none was. */
  readonly session: string | null;
}

/** How somebody is told, and what there is to choose from. */
export interface ToldView extends Told {
  /** The key by which a browser asks to be told; null where nothing is sent by push. */
  readonly pushKey: string | null;
}
/** What somebody chooses; an absent member stays as it is. */
export type ToldChoice = Parameters<Telling['choose']>[2];

/** WGS-84 degrees. */
export interface Point {
  readonly lng: number;
  readonly lat: number;
}

/** WGS-84 degrees. */
export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** A place with the names from the town down, as people say them. */
export interface PlaceWords {
  readonly code: string;
  readonly names: readonly string[];
}

/** What is known of a plate that leads to no component: how it stands, and where a report can begin. */
export interface PlatedPlace {
  readonly state: 'place' | 'lost' | 'replaced' | 'withdrawn' | 'blank';
  readonly place: PlaceWords | null;
  readonly point: Point | null;
}

/** A lamp, manhole or the like that a report may be about. */
export interface ComponentChoice extends Point {
  readonly code: string;
  readonly name: string;
  /** The kind as people say it: 路灯, 井盖. */
  readonly kindName: string;
  /** From the point that was asked about; null where none was. */
  readonly metres: number | null;
  readonly place: PlaceWords | null;
}

/** A row of the code table, named for residents. */
export interface KindChoice {
  readonly key: string;
  readonly name: string;
  /** 0 to 1; rows come best first. */
  readonly score: number;
  /** What speaks for it: words that were written, what stands nearby; empty where nothing does. */
  readonly why: string;
}

/** A question of a kind of case, in the asker's language. */
export interface AskedQuestion {
  readonly code: string;
  readonly datatype: 'string' | 'number' | 'datetime' | 'text' | 'singlevaluelist' | 'multivaluelist';
  readonly required: boolean;
  readonly title: string;
  readonly hint: string | null;
  /** Asked only after one of these answers to a question before it. */
  readonly when: { readonly question: string; readonly is: readonly string[] } | null;
  readonly values: readonly { readonly key: string; readonly title: string }[];
}

/** What the form asks about a kind of case. */
export interface AskedCategory {
  readonly code: string;
  readonly name: string;
  readonly notice: string | null;
  /** A report needs no phone. */
  readonly anonymous: boolean;
  readonly questions: readonly AskedQuestion[];
}

/** A case that somebody has reported already and that is not closed. */
export interface Duplicate {
  readonly id: string;
  readonly title: string;
  /** Code of the component that it is about. */
  readonly component: string | null;
  /** Milliseconds since 1970. */
  readonly reportedAt: number;
}

export interface Suggestion {
  /** Null where no point was given or it lies outside the county. */
  readonly place: PlaceWords | null;
  /** `outside`: the point is in no place of this county. */
  readonly outside: boolean;
  readonly components: readonly ComponentChoice[];
  /** With no words: the commonest rows. */
  readonly rows: readonly KindChoice[];
  readonly duplicates: readonly Duplicate[];
}

/** A picture that was decoded and written anew. */
export interface StoredPhoto {
  /** Digest of the copy that is served. */
  readonly served: string;
  /** Digest of the file as it was received. */
  readonly original: string;
  /** Where it was taken, when the file said so and before that was dropped. */
  readonly point: Point | null;
}

export interface AddressChoice extends Point {
  readonly label: string;
  readonly place: PlaceWords | null;
}

/** A village, road or grid of the list that stands beside the map. */
export interface AreaChoice extends Point {
  readonly code: string;
  readonly name: string;
  /** True where `areas(code)` has something below it. */
  readonly more: boolean;
}

/** A thing on the map; rings and lines are WGS-84 [lng, lat] pairs. */
export type MapFeature =
  | { readonly kind: 'place' | 'water' | 'green' | 'building'; readonly name: string | null; readonly ring: readonly (readonly [number, number])[] }
  | { readonly kind: 'road' | 'river'; readonly name: string | null; readonly line: readonly (readonly [number, number])[]; readonly metresWide: number };

export interface MapSheet {
  /** The county's or town's whole extent: where the map starts. */
  readonly extent: Box;
  /** What touches the box, at most 1,500 features: the widest first where there are more. */
  readonly features: readonly MapFeature[];
  /** At most 300. */
  readonly components: readonly ComponentChoice[];
}

/** What a finished draft asks for. */
export interface Report {
  readonly photos: readonly StoredPhoto[];
  readonly point: Point | null;
  /** How the place was found. */
  readonly source: 'photo' | 'device' | 'plate' | 'map' | 'address' | 'list' | null;
  /** Words for the place where the reporter chose an address or a village. */
  readonly address: string | null;
  readonly component: string | null;
  /** Key of the row of the code table, where one was chosen. */
  readonly kind: string | null;
  readonly description: string;
  /** By the codes of the questions. */
  readonly answers: Readonly<Record<string, readonly string[]>>;
  /** The report is not to be tied to the phone that was checked in this browser. */
  readonly unnamed: boolean;
}

/** The turns that a reporter is told of. The desk maps states and actions of the workflow to these. */
export type Stage =
  | 'received' | 'checking' | 'filed' | 'declined' | 'merged' | 'assigned' | 'accepted' | 'onSite'
  | 'held' | 'fixed' | 'rework' | 'closed' | 'void';

export type Turn =
  | 'reported' | 'checked' | 'filed' | 'declined' | 'merged' | 'unmerged' | 'replied' | 'assigned' | 'accepted' | 'returned' | 'onSite'
  | 'fixed' | 'verified' | 'rework' | 'closed' | 'extended' | 'held' | 'resumed' | 'urged' | 'noted' | 'rated'
  | 'reopenAsked' | 'reopened' | 'reopenRefused' | 'void';

export interface TurnView {
  readonly turn: Turn;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Name of the unit that did it; null for the reporter and the system. */
  readonly unit: string | null;
  /** Reason or note, where it may be shown to the reporter. */
  readonly words: string | null;
}

export interface FollowCard {
  readonly token: string;
  readonly number: string;
  readonly title: string;
  readonly stage: Stage;
  /** Who has it in hand. */
  readonly unit: string | null;
  /** When the present step is to be done; null where no clock runs. Milliseconds since 1970. */
  readonly dueAt: number | null;
  readonly updatedAt: number;
}

export interface FollowView extends FollowCard {
  /** How `dueAt` comes about, a sentence a line; empty where nothing is due. */
  readonly working: readonly string[];
  readonly place: PlaceWords | null;
  /** Why it was declined, held, merged or reopened; null where nothing is to be said. */
  readonly reason: string | null;
  /** Oldest first. */
  readonly timeline: readonly TurnView[];
  readonly photos: readonly { readonly id: string; readonly role: 'before' | 'arrival' | 'after'; readonly at: number }[];
  readonly can: { readonly note: boolean; readonly rate: boolean; readonly reopen: boolean };
  /** Whoever reported it had their data erased: nothing more is said in their name. */
  readonly erased: boolean;
  /** 1 (very bad) to 5 (very good), once given. */
  readonly rating: number | null;
}

export interface Picture {
  readonly type: 'image/jpeg' | 'image/webp' | 'image/png';
  readonly bytes: Uint8Array;
}

/** Who can be called, and where one can go. All of it is the county's own configuration. */
export interface Contacts {
  readonly phones: readonly { readonly name: string; readonly number: string; readonly hours: string }[];
  readonly windows: readonly { readonly name: string; readonly address: string; readonly hours: string }[];
  /** Whoever is in charge of the asked place now; null where no place was asked for or nobody is on duty. */
  readonly gridWorker: { readonly name: string; readonly phone: string | null; readonly place: PlaceWords } | null;
}

/**
 * All that the resident pages need from the system. Every method takes the asker first; words that come back are in
 * the asker's language. Refusals carry a reason whose text stands in data/texts/reasons.
 */
export interface ReportDesk {
  /** Short name of the town, for the head of the page: 泗门. */
  /** Minutes that the county is ahead of UTC. */
  offsetMinutes(): number;
  townName(ask: Asker): string;
  suggest(ask: Asker, about: { readonly text: string; readonly point: Point | null; readonly blobs: readonly string[]; readonly plate: string | null; readonly kind?: string | null }): Promise<Suggestion>;
  /** What is asked about a row of the code table, else about a component; null where nothing is. */
  category(ask: Asker, kind: string | null, component: string | null): Promise<AskedCategory | null>;
  /** Answers that a chosen row gives by itself. */
  givenAnswers(kind: string | null): Promise<Readonly<Record<string, readonly string[]>>>;
  /** The row of the code table that answers point to. */
  rowFor(category: string, answers: Readonly<Record<string, readonly string[]>>, text: string): Promise<{ readonly key: string; readonly name: string } | null>;
  /** What is wrong with answers, by the code of the question; the same rule by which the report is judged. */
  answerFault(category: string, answers: Readonly<Record<string, readonly string[]>>, question: string): Promise<Refusal | null>;
  /** Refuses what is not a picture, is too large or cannot be decoded. */
  putPhoto(ask: Asker, bytes: Uint8Array): Promise<Result<StoredPhoto>>;
  /** A picture that `putPhoto` stored, by its served digest. */
  readPhoto(served: string): Promise<Result<Picture>>;
  /** The component that carries a plate with this code, or 404. */
  plate(ask: Asker, plate: string): Promise<Result<ComponentChoice>>;
  /** A plate that leads to no component: one of a place, one that is revoked, one that hangs nowhere yet; null for any other. */
  plated(ask: Asker, plate: string): Promise<PlatedPlace | null>;
  /** Up to eight, best first; none is an empty list. */
  findAddress(ask: Asker, words: string): Promise<readonly AddressChoice[]>;
  /** Villages of the town where `parent` is null; below a village its roads and grids. In the order of their names. */
  areas(ask: Asker, parent: string | null): Promise<readonly AreaChoice[]>;
  map(ask: Asker, box: Box | null): Promise<MapSheet>;
  /** Sends a six-digit code by SMS. Refuses a number that is none, and too many codes. */
  sendCode(ask: Asker, phone: string): Promise<Result<{ readonly masked: string }>>;
  /** Gives the session of the phone that the code was sent to. */
  verifyCode(ask: Asker, phone: string, code: string): Promise<Result<{ readonly session: string }>>;
  /** The checked phone of a session, masked; null where the session has ended. */
  contact(ask: Asker): Promise<{ readonly masked: string } | null>;
  /** Makes the case. The same op gets the same answer. A session makes its phone the reporter; without one nobody is. */
  report(ask: Asker, report: Report, op: string): Promise<Result<{ readonly token: string; readonly number: string }>>;
  /** Follows somebody else's case: the asker is told of its turns too. The same op gets the same answer. */
  followTogether(ask: Asker, duplicate: string, op: string): Promise<Result<{ readonly token: string; readonly number: string }>>;
  /** 404 for a token that is none. */
  follow(ask: Asker, token: string): Promise<Result<FollowView>>;
  /** Calls `hear` after each change of the case. @returns ends it; null for a token that is none. */
  watch(token: string, hear: () => void): (() => void) | null;
  followPhoto(token: string, id: string): Promise<Result<Picture>>;
  addNote(ask: Asker, token: string, note: { readonly text: string; readonly photo: StoredPhoto | null }, op: string): Promise<Result<object>>;
  rate(ask: Asker, token: string, rating: { readonly stars: number; readonly text: string }, op: string): Promise<Result<object>>;
  askReopen(ask: Asker, token: string, reason: string, op: string): Promise<Result<object>>;
  /** Cases of the session's phone and of the given tokens, newest first, without doubles; unknown tokens are left out. At most 50. */
  mine(ask: Asker, tokens: readonly string[]): Promise<readonly FollowCard[]>;
  contacts(ask: Asker, place: string | null): Promise<Contacts>;
  /** Has the data of the session's person erased. Refusals: 401 `case.no-phone`, 404 `identity.contact`. */
  eraseMe(ask: Asker): Promise<Result<object>>;
  /** How the person of the session is told; null where no phone was checked. */
  told(ask: Asker): Promise<ToldView | null>;
  /** Refusals: 401 `case.no-phone`, and those of choosing. `mailed`: a mail went to the new address. */
  choose(ask: Asker, choice: ToldChoice): Promise<Result<{ readonly mailed: boolean }>>;
  /** This browser asks to be told, by what its Push API gave, as JSON; push is the way from then on. */
  subscribe(ask: Asker, subscription: string): Promise<Result<object>>;
  /** No browser of the session's person is told any more; text messages are the way again where push was. */
  unsubscribe(ask: Asker): Promise<void>;
  /** The address that a link in a mail is about. Refusal: 422 `outreach.mail_link`. */
  mailOf(token: string): Result<{ readonly email: string }>;
  /** Where people agree that WeChat says who they are; null where there is no account. */
  wechatAt(state: string): string | null;
  /** Who came back from there: a session where the follower is bound, `bound` where the asker now is; null for a code that is none. */
  wechatIn(ask: Asker, code: string): Promise<{ readonly openid: string; readonly session: string | null; readonly bound: boolean } | null>;
  /** The follower is the person of the session from now on, and told by WeChat. */
  bindWechat(ask: Asker, openid: string): Promise<boolean>;
  confirmMail(token: string): Promise<Result<{ readonly email: string }>>;
}
