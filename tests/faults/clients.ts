import { setTimeout as pause } from 'node:timers/promises';
import { SeededRandom } from '../../src/base/random.ts';
import { county, type House, type Part } from './house.ts';

/** What a client asked for once and got answered, however often it had to ask. */
export interface Asked {
  readonly op: string;
  readonly part: Part;
  readonly path: string;
  readonly action: string;
  readonly body: string;
  readonly status: number;
  readonly answer: { readonly id?: string; readonly version?: number; readonly state?: string; readonly reason?: string };
  readonly text: string;
}

/** What the clients went through, and whatever no server may answer. */
export interface Diary {
  readonly asked: Asked[];
  readonly wrong: string[];
  /** Requests that broke off or were told to come back. */
  again: number;
}

export const newDiary = (): Diary => ({ asked: [], wrong: [], again: 0 });

/** Longer than any outage that a drill makes; a client that waits so long for an answer has found a fault. */
const patienceMs = 180_000;

/** Asks until there is an answer, always with the same op: what a phone does in a dead spot. */
const insist = async (url: string, token: string, path: string, body: string, diary: Diary): Promise<{ status: number; text: string }> => {
  const until = performance.now() + patienceMs;
  for (let tries = 1; performance.now() < until; tries++) {
    try {
      const response = await fetch(url + path, {
        method: 'POST', body, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'accept-language': 'en' }, signal: AbortSignal.timeout(20_000),
      });
      const text = await response.text();
      if (response.status !== 503) return { status: response.status, text };
      if (!response.headers.has('retry-after')) diary.wrong.push(`${path}: 503 without Retry-After`);
    } catch {
      // The connection broke, and whether the action happened is not known.
    }
    diary.again++;
    await pause(Math.min(400, 20 * tries));
  }
  throw new Error(`${path} was not answered in ${patienceMs / 1_000} s`);
};

/** Asks, and writes down what was answered. */
export const ask = async (
  house: House, url: string, diary: Diary, part: Part, path: string, action: string, body: { readonly op: string; readonly [name: string]: unknown },
): Promise<Asked> => {
  const sent = JSON.stringify(body);
  const { status, text } = await insist(url, house.tokens[part], path, sent, diary);
  if (status >= 500) diary.wrong.push(`${action} was answered ${status}: ${text.slice(0, 300)}`);
  const asked: Asked = { op: body.op, part, path, action, body: sent, status, text, answer: JSON.parse(text) as Asked['answer'] };
  diary.asked.push(asked);
  return asked;
};

/** Asks once more for what was answered, and says where the answer differs. */
export const askAgain = async (house: House, url: string, diary: Diary, { part, path, action, body, op, status, text }: Asked): Promise<void> => {
  const again = await insist(url, house.tokens[part], path, body, diary);
  // A refusal names the request that it refuses; everything else of it is the same.
  const plain = (words: string): string => words.replace(/"request":"[^"]*"/, '');
  if (again.status !== status || plain(again.text) !== plain(text)) diary.wrong.push(`${action} ${op} was answered ${status} ${text} and then ${again.status} ${again.text}`);
};

/** Whether an answer is kept under its op: what was done, and what the state of the matter forbade. */
export const isKept = ({ status, answer }: Asked): boolean => status < 300 || (status === 409 && answer.reason !== 'matters.moved');

/**
 * Reports cases and brings them to their end, as fast as the town answers, until `stopped`. Two keepers race for each case,
 * notes fall upon cases that others have in hand, and answered requests are asked for again at once now and then.
 */
export const work = async (house: House, url: string, photo: string, seed: string, diary: Diary, stopped: () => boolean): Promise<void> => {
  const random = new SeededRandom(seed);
  const op = (): string => random.uuid(Date.now());
  const act = (part: Part, matter: string, action: string, input: object): Promise<Asked> =>
    ask(house, url, diary, part, `/api/matters/${matter}/actions`, action, { action, input, op: op() });
  const mine: string[] = [];
  while (!stopped()) {
    const point = { lng: 121.0221 + random.below(90) * 0.0002, lat: 30.1612 + random.below(80) * 0.0002 };
    const made = await ask(house, url, diary, 'collector', '/api/matters', 'report', { kind: 'case', county, op: op(), input: { text: '第三盏灯不亮，晚上很黑。', ...point, channel: 'phone', contact: house.contact } });
    const id = made.answer.id;
    if (made.status !== 201 || id === undefined) {
      diary.wrong.push(`a report was answered ${made.status}: ${made.text.slice(0, 300)}`);
      return;
    }
    mine.push(id);
    if (random.below(3) === 0) continue;
    await act('intake', id, 'file', { code: house.row });
    const [taken] = await Promise.all([
      act('keeper', id, 'accept', {}), act('rival', id, 'accept', {}),
      act('intake', random.pick(mine), 'note', { text: '居民来电催办。' }),
    ]);
    const winner: Part = taken.status < 300 ? 'keeper' : 'rival';
    await act(winner, id, 'finish', { blobs: [photo] }).then(async (finished) => {
      // The picture is the keeper's; the rival is refused and hands the case back.
      if (finished.status >= 300) return act(winner, id, 'return', { reason: '不是本单位的灯。' });
      return act('verifier', id, 'verify', {});
    });
    if (random.below(4) === 0) await askAgain(house, url, diary, random.pick(diary.asked.filter(isKept)));
  }
};
