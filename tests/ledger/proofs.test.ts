import fc from 'fast-check';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLedger } from '../../src/modules/ledger/index.ts';
import {
  fromBase64, isNoteSignedBy, readCheckpointText, readNote, readVerifierKey, toBase64, webCrypto,
} from '../../src/modules/ledger/rules/notes.ts';
import { consistencyPlan, inclusionPlan, isConsistent, isIncluded, leafHash } from '../../src/modules/ledger/rules/proofs.ts';
import { decodeEdge, encodeEdge, extend, hashLeaf, hashNode, rootOf } from '../../src/modules/ledger/rules/tree.ts';
import { consistencyProof, inclusionProofs } from '../../src/modules/ledger/service/proofs.ts';
import { sha256 } from '../../src/modules/ledger/service/sha256.ts';
import { latestCheckpoint } from '../../src/modules/ledger/store/checkpoints.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { entriesFor } from './made.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** RFC 6962, section 2.1, word by word: what everything faster is measured by. */
const treeHash = (leaves: readonly Uint8Array[]): Uint8Array => {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  if (leaves.length === 1) return hashLeaf(sha256, leaves[0]!);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return hashNode(sha256, treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
};
const leafOf = (i: number): Uint8Array => Buffer.from(`leaf ${i}`);
const leavesOf = (n: number): Uint8Array[] => Array.from({ length: n }, (_, i) => leafOf(i));

describe('the tree of RFC 6962', () => {
  // The eight leaves and the roots that Certificate Transparency's reference implementation is tested with.
  const known = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((text) => Buffer.from(text, 'hex'));
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];
  test.each(roots.map((root, n) => [n, root] as const))('of the first %i known leaves has the known root', (n, root) => {
    const leaves = Buffer.concat(known.slice(0, n).map((leaf) => hashLeaf(sha256, leaf)));
    expect(hex(rootOf(sha256, extend(sha256, 0, [], leaves).edge))).toBe(root);
    expect(hex(treeHash(known.slice(0, n)))).toBe(root);
  });

  test('has one root, however its leaves came: in portions of any size, over stored edges', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 8 }), (portions) => {
      let size = 0;
      let edge = decodeEdge(0, new Uint8Array(0));
      let full = 0;
      for (const portion of portions) {
        const leaves = Buffer.concat(Array.from({ length: portion }, (_, i) => hashLeaf(sha256, leafOf(size + i))));
        const next = extend(sha256, size, edge, leaves);
        full += next.tiles.filter((tile) => tile.level === 0).length;
        size += portion;
        edge = decodeEdge(size, encodeEdge(next.edge));
      }
      expect(full).toBe(Math.floor(size / 256));
      expect(hex(rootOf(sha256, edge))).toBe(hex(treeHash(leavesOf(size))));
    }), { numRuns: 60 });
  });
});

/** Proofs made from the plans with the plain tree. */
const provedBy = (plan: ReturnType<typeof inclusionPlan>, leaves: readonly Uint8Array[]): Uint8Array[] =>
  plan.map((parts) => parts.map(({ height, index }) => treeHash(leaves.slice(index * 2 ** height, (index + 1) * 2 ** height)))
    .reduceRight((right, left) => hashNode(sha256, left, right)));

describe('proofs', () => {
  test('show every leaf of every tree, and no other leaf, place or root', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 600 }), fc.nat(), fc.nat(), async (size, at, other) => {
      const leaves = leavesOf(size);
      const index = at % size;
      const root = treeHash(leaves);
      const proof = provedBy(inclusionPlan(index, size), leaves);
      const leaf = await leafHash(sha256, leaves[index]!);
      expect(await isIncluded(sha256, leaf, index, size, proof, root)).toBe(true);
      expect(await isIncluded(sha256, await leafHash(sha256, Buffer.from('another')), index, size, proof, root)).toBe(false);
      const place = other % size;
      if (place !== index) expect(await isIncluded(sha256, leaf, place, size, proof, root)).toBe(false);
      expect(await isIncluded(sha256, leaf, index, size, [...proof, root], root)).toBe(false);
      if (proof.length > 0) expect(await isIncluded(sha256, leaf, index, size, proof.slice(1), root)).toBe(false);
    }), { numRuns: 150 });
  });

  test('show that every tree continues every earlier one, and no changed one', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 600 }), fc.nat(), fc.nat(), async (to, at, change) => {
      const from = (at % to) + 1;
      const leaves = leavesOf(to);
      const [before, after] = [treeHash(leaves.slice(0, from)), treeHash(leaves)];
      const proof = provedBy(consistencyPlan(from, to), leaves);
      expect(await isConsistent(sha256, { size: from, root: before }, { size: to, root: after }, proof)).toBe(true);
      const changed = leaves.map((leaf, i) => (i === change % from ? Buffer.from('rewritten') : leaf));
      const rewritten = treeHash(changed);
      expect(await isConsistent(sha256, { size: from, root: before }, { size: to, root: rewritten }, provedBy(consistencyPlan(from, to), changed))).toBe(false);
      if (from < to) expect(await isConsistent(sha256, { size: from, root: before }, { size: to, root: after }, proof.slice(1))).toBe(false);
    }), { numRuns: 150 });
  });

  describe('from the tiles of a county', () => {
    let world: TestWorld;
    beforeAll(async () => { world = await testWorld(); });
    afterAll(() => world.close());

    test('lead to the signed root, for any size that the log has ever had', async () => {
      const ledger = createLedger(world);
      await ledger.append(world.db, entriesFor('330281', 1_500, 'tiles'));
      await ledger.sequencer.drain('330281');
      const rows = await world.db.query<{ canonical: Buffer }>(`select canonical from ledger_entry where county = '330281' order by seq`);
      const leaves = rows.map((row) => row.canonical);
      const checkpoint = (await latestCheckpoint(world.db, '330281'))!;
      expect(hex(checkpoint.root)).toBe(hex(treeHash(leaves)));
      await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 1_500 }), fc.nat(), async (size, at) => {
        const seq = (at % size) + 1;
        const root = treeHash(leaves.slice(0, size));
        const [proof] = await inclusionProofs(world.db, '330281', [seq], size);
        expect(await isIncluded(sha256, hashLeaf(sha256, leaves[seq - 1]!), seq - 1, size, proof!, root)).toBe(true);
        expect(await isConsistent(sha256, { size: seq, root: treeHash(leaves.slice(0, seq)) }, { size, root }, await consistencyProof(world.db, '330281', seq, size))).toBe(true);
      }), { numRuns: 40 });
    });

    test('a checkpoint is a signed note that WebCrypto accepts, and refuses with any character changed', async () => {
      const { note } = (await latestCheckpoint(world.db, '330281'))!;
      const key = (await readVerifierKey(world.keys.ledger.verifier, webCrypto))!;
      expect(readCheckpointText(readNote(note)!.text)?.size).toBe(1_500);
      expect(await isNoteSignedBy(readNote(note)!, key, webCrypto)).toBe(true);
      for (let i = 0; i < note.length; i++) {
        const changed = readNote(`${note.slice(0, i)}${note[i] === 'A' ? 'B' : 'A'}${note.slice(i + 1)}`);
        if (changed) expect(await isNoteSignedBy(changed, key, webCrypto)).toBe(false);
      }
    });
  });

  test('a cosignature of a witness covers its time', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const typed = Buffer.concat([Buffer.of(4), publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
    const id = createHash('sha256').update('witness.example\n').update(typed).digest().subarray(0, 4);
    const key = (await readVerifierKey(`witness.example+${hex(id)}+${toBase64(typed)}`, webCrypto))!;
    const text = `lamplight.ledger/330281\n5\n${toBase64(sha256(Buffer.from('x')))}\n`;
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(1_790_000_000n);
    const signed = sign(null, Buffer.from(`cosignature/v1\ntime 1790000000\n${text}`), privateKey);
    const note = (at: Buffer) => readNote(`${text}\n— witness.example ${toBase64(Buffer.concat([id, at, signed]))}\n`)!;
    expect(await isNoteSignedBy(note(time), key, webCrypto)).toBe(true);
    time.writeBigUInt64BE(1_790_000_001n);
    expect(await isNoteSignedBy(note(time), key, webCrypto)).toBe(false);
  });

  test('base64 is read strictly: two texts never give the same bytes', () => {
    expect(fromBase64('AAE=')).toEqual(Uint8Array.of(0, 1));
    for (const text of ['AAF=', 'AAE', 'AA E=', 'AA-=']) expect(fromBase64(text)).toBeUndefined();
  });
});
