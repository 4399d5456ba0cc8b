import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import { isNoteSignedBy, readNote, readSignatureLines, readVerifierKey, toBase64, type Checkpoint } from '../rules/notes.ts';
import { isConsistent } from '../rules/proofs.ts';
import { latestCheckpoint } from '../store/checkpoints.ts';
import { insertWitnessed, lastWitnessed, lockWitness, readWitnesses, type Witness } from '../store/witnesses.ts';
import { knownKeys } from './signing/continuity.ts';
import { consistencyProof } from './proofs.ts';
import { nodeCrypto, readAnchor, splitNotes } from './verify/anchors.ts';

/** Milliseconds between looks at who is due. */
const lookEvery = 1_000;
const answerWithin = 10_000;

/** A witness that was not shown the new checkpoint, and why. */
export class WitnessError extends Error {
  constructor(witness: Witness, message: string) {
    super(`witness ${witness.name} of ${witness.county}: ${message}`);
    this.name = 'WitnessError';
  }
}

/** Shows checkpoints to witnesses outside, so that not even the owner of the database can rewrite what they have seen. */
export interface Witnesses {
  start(): void;
  stop(): Promise<void>;
  /** Shows, now, each active witness of a county the newest checkpoint. @returns what went wrong, by witness. */
  show(county: string): Promise<Map<string, Error>>;
}

/** All notes in a witness's file; none where there is no file yet. */
export const readWitnessFile = async (path: string): Promise<string[]> => {
  try {
    return splitNotes(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

/** @param onFailure called each time that a witness could not be shown a checkpoint. */
export const createWitnesses = (
  { db, keys, log, now }: Pick<World, 'db' | 'keys' | 'log' | 'now'>, onFailure: (witness: string) => void = () => {},
): Witnesses => {
  let running = Promise.resolve();
  let ending = new AbortController();

  const checkpointOf = async (witness: Witness, note: string, whose: string): Promise<Checkpoint> => {
    const read = await readAnchor(witness.county, note, await knownKeys(db, witness.county, keys));
    if (typeof read === 'string') throw new WitnessError(witness, `${whose} is no checkpoint of this log (${read}); nothing was sent`);
    return read;
  };

  /** The proof that what the witness saw is a beginning of the log. @throws where it is not: then somebody rewrote it. */
  const proveTo = async (tx: Tx, witness: Witness, seen: Checkpoint | undefined, next: Checkpoint): Promise<Uint8Array[]> => {
    if (!seen) return [];
    if (seen.size > next.size) throw new WitnessError(witness, `it has seen ${seen.size} entries and the log signs ${next.size}: entries are missing. Run trace verify`);
    const proof = await consistencyProof(tx, witness.county, seen.size, next.size);
    if (!(await isConsistent(nodeCrypto.sha256, seen, next, proof)))
      throw new WitnessError(witness, `the log does not continue what it has seen at ${seen.size} entries: it was rewritten. Run trace verify`);
    return proof;
  };

  /** The last thing in the file is what this witness has seen, whatever the database says. */
  const showFile = async (tx: Tx, witness: Witness, note: string, next: Checkpoint): Promise<void> => {
    const last = (await readWitnessFile(witness.target)).at(-1);
    const seen = last === undefined ? undefined : await checkpointOf(witness, last, 'the last note in its file');
    await proveTo(tx, witness, seen, next);
    if (seen?.size === next.size) return;
    await mkdir(dirname(witness.target), { recursive: true });
    const file = await open(witness.target, 'a', 0o644);
    try {
      await file.appendFile(`${note}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  };

  /** C2SP tlog-witness, add-checkpoint. @returns the cosignature lines, '' where the witness gives none. */
  const showWebhook = async (tx: Tx, witness: Witness, note: string, next: Checkpoint, seen: Checkpoint | undefined, retry = true): Promise<string> => {
    const proof = await proveTo(tx, witness, seen, next);
    const body = Buffer.from(`old ${seen?.size ?? 0}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${note}`);
    const own = keys.ledger;
    const answer = await fetch(witness.target, {
      method: 'POST', body, redirect: 'error', signal: AbortSignal.any([AbortSignal.timeout(answerWithin), ending.signal]),
      headers: { 'content-type': 'text/plain; charset=utf-8', 'lamplight-signature': `${own.name} ${keys.sign(body, own).toString('base64')}` },
    });
    const text = (await answer.text()).slice(0, 10_000);
    if (answer.status === 409 && retry && /^\d{1,15}\n?$/.test(text)) {
      // It has seen another size than we thought, for instance before a restore: prove from there.
      const size = Number(text);
      const own = size === 0 ? undefined : (await tx.query<{ note: string }>('select note from ledger_checkpoint where county = $1 and size = $2', [witness.county, size]))[0];
      if (size !== 0 && !own) throw new WitnessError(witness, `it has seen ${size} entries, at which this log never signed. Run trace verify`);
      return showWebhook(tx, witness, note, next, own && (await checkpointOf(witness, own.note, 'the checkpoint')), false);
    }
    if (!answer.ok) throw new WitnessError(witness, `answered ${answer.status}`);
    if (witness.verifier === null) return '';
    const lines = text.endsWith('\n') ? text : `${text}\n`;
    const key = await readVerifierKey(witness.verifier, nodeCrypto);
    const read = readNote(note);
    const signatures = readSignatureLines(lines);
    if (!key || !read || !signatures || !(await isNoteSignedBy({ text: read.text, signatures }, key, nodeCrypto)))
      throw new WitnessError(witness, 'its answer bears no valid cosignature');
    return lines;
  };

  const showOne = (county: string, name: string, force: boolean): Promise<void> => db.transaction(async (tx) => {
    const witness = await lockWitness(tx, county, name);
    if (!witness) return;
    const last = await lastWitnessed(tx, county, name);
    const newest = await latestCheckpoint(tx, county);
    if (!newest || newest.size === last?.size) return;
    if (!force && last && now() - last.at < witness.everySeconds * 1000) return;
    const next = await checkpointOf(witness, newest.note, 'the newest checkpoint');
    let note = newest.note;
    if (witness.kind === 'file') await showFile(tx, witness, note, next);
    else note += await showWebhook(tx, witness, note, next, last && (await checkpointOf(witness, last.note, 'what it has seen')));
    await insertWitnessed(tx, county, name, next.size, note, now());
  });

  return {
    start() {
      ending = new AbortController();
      const { signal } = ending;
      running = (async () => {
        const resting = new Map<string, number>();
        while (!signal.aborted) {
          try {
            for (const witness of await readWitnesses(db)) {
              const key = `${witness.county} ${witness.name}`;
              if (!witness.active || (resting.get(key) ?? 0) > performance.now()) continue;
              try {
                await showOne(witness.county, witness.name, false);
              } catch (error) {
                onFailure(witness.name);
                resting.set(key, performance.now() + 30_000);
                log.error({ err: error, county: witness.county, witness: witness.name }, 'a witness could not be shown the checkpoint');
              }
            }
          } catch (error) {
            log.debug({ err: error }, 'witnesses cannot be read');
          }
          await pause(lookEvery, undefined, { signal }).catch(() => {});
        }
      })();
    },
    async stop() {
      ending.abort();
      await running;
    },
    async show(county) {
      const failures = new Map<string, Error>();
      for (const { name, active } of await readWitnesses(db, county)) {
        if (!active) continue;
        try {
          await showOne(county, name, true);
        } catch (error) {
          onFailure(name);
          failures.set(name, error as Error);
        }
      }
      return failures;
    },
  };
};
