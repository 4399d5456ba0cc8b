import type { Actor, Grant } from '../../../../base/actor.ts';
import type { Json } from '../../../../base/canonical.ts';
import { entryOf, type Needs } from '../needs.ts';

/** A list that leaves as a file: whose, of what, and what was asked for. */
export interface Taken {
  readonly county: string;
  /** What the rows are: `matters`, `deliveries`, `components`. */
  readonly kind: string;
  readonly actor: Actor;
  readonly grant: Pick<Grant, 'role' | 'unit'>;
  readonly format: string;
  readonly filter: Readonly<Record<string, unknown>>;
}

/**
 * Hands the pages of a list on and traces it, in two entries of subject `access`: `export` with the filter before the first row
 * is read, `exported` with the count of rows when the last has been given, or when the reader has left (`whole` is then false).
 */
export async function* tracedPages<T>({ world, ledger }: Pick<Needs, 'world' | 'ledger'>, { county, kind, actor, grant, format, filter }: Taken, pages: AsyncIterable<readonly T[]>): AsyncGenerator<readonly T[]> {
  const id = world.random.uuid(world.now());
  const trace = async (action: string, set: Readonly<Record<string, Json>>): Promise<void> => {
    await ledger.append(world.db, [entryOf({ county, subject: 'access', kind, action, set: { export: id, ...set } }, actor, grant, world.now())]);
    ledger.sequencer.nudge(county);
  };
  await trace('export', { format, ...Object.fromEntries(Object.entries(filter).flatMap(([name, value]) => (typeof value === 'string' ? [[`filter.${name}`, value]] : []))) });
  let rows = 0;
  let whole = false;
  try {
    for await (const page of pages) {
      rows += page.length;
      yield page;
    }
    whole = true;
  } finally {
    await trace('exported', { rows, whole });
  }
}
