/** Matters of one block at most: two kilobytes, what PostgreSQL keeps in the row itself. */
export const blockAtMost = 120;

/** Matters that have a term, by id, from `oldest` up to the next block of the term. In order; none is in both lists. */
export interface Block {
  readonly oldest: string;
  readonly plain: readonly string[];
  /** Those that have it in personal texts alone. */
  readonly personal: readonly string[];
}

/**
 * A block with matters put into it, as one or more blocks that follow each other: the oldest are full, so that what comes next
 * finds room in the newest. Who comes again stands as it came last.
 * @param block the one that their ids fall into; undefined where they are older than every block, or there is none
 * @param come ids with whether only personal texts give the term; at least one where there is no block
 */
export const putIntoBlock = (block: Block | undefined, come: ReadonlyMap<string, boolean>): Block[] => {
  const all = new Map<string, boolean>([...(block?.plain ?? []).map((id) => [id, false] as const), ...(block?.personal ?? []).map((id) => [id, true] as const), ...come]);
  const ids = [...all.keys()].sort();
  const blocks: Block[] = [];
  for (let from = 0; from < ids.length; from += blockAtMost) {
    const part = ids.slice(from, from + blockAtMost);
    blocks.push({
      oldest: from === 0 && block !== undefined ? block.oldest : part[0]!,
      plain: part.filter((id) => all.get(id) === false), personal: part.filter((id) => all.get(id) === true),
    });
  }
  return blocks;
};
