// Run by blobs.test.ts under a limit on file sizes: puts one small and one large blob and says what became of them.
import { openBlobs } from '../../src/platform/blobs.ts';

const folder = process.argv[2]!;
const blobs = await openBlobs(folder, Date.now);
const small = await blobs.put(Buffer.alloc(2_000, 1));
const large = await blobs.put(Buffer.alloc(400_000, 2));
const again = await blobs.put(Buffer.alloc(2_000, 3));
process.stdout.write(`${JSON.stringify([small, large, again])}\n`);
