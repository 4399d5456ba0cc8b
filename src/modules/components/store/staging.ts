import type pg from 'pg';
import { copyCell as cell, openCopy } from '../../../platform/database/copying.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { ComponentDraft } from '../rules/record.ts';

const columns = 'county, import, line, code, class, name, road, ordinal, point, accuracy, place, path, owner, manager, state, installed, plate';

/** A COPY into component_staging, on a connection with a transaction of its own. */
export interface Staging {
  write(drafts: readonly ComponentDraft[]): Promise<void>;
  end(): Promise<void>;
}

export const openStaging = (client: pg.PoolClient, county: string, importId: string): Staging => {
  const copying = openCopy(client, `component_staging (${columns})`);
  const start = `${cell(county)}\t${importId}\t`;
  return {
    async write(drafts) {
      let text = '';
      for (const one of drafts)
        text += `${start}${one.line}\t${one.code}\t${one.class}\t${cell(one.name)}\t${cell(one.road)}\t${cell(one.ordinal)}\t(${one.lng},${one.lat})\t${one.accuracy}\t${
          cell(one.place)}\t${cell(one.path)}\t${cell(one.owner)}\t${cell(one.manager)}\t${one.state}\t${cell(one.installed)}\t${cell(one.plate)}\n`;
      await copying.write(text);
    },
    end: () => copying.end(),
  };
};

/** Lines whose plate stands for something else already, the first hundred. */
export const takenPlates = (tx: Tx, county: string, importId: string): Promise<{ line: number; plate: string }[]> =>
  tx.query(
    `select s.line, s.plate from component_staging s join plate p on p.county = s.county and p.plate = s.plate
     where s.county = $1 and s.import = $2 and (p.kind <> 'component' or p.target <> s.code) order by s.line limit 100`,
    [county, importId],
  );

/**
 * Merges what is staged: new codes are added, known ones changed where they differ, and all that is staged is removed.
 * Counts of open cases stay. A row that is new has no older version of itself, which is what `xmax = 0` says.
 */
export const mergeStaging = async (tx: Tx, county: string, importId: string, now: Date): Promise<{ readonly added: number; readonly changed: number; readonly replaced: readonly string[]; readonly attached: readonly string[] }> => {
  const [counted] = await tx.query<{ added: number; changed: number }>(
    `with merged as (
       insert into component as c (county, code, class, name, road, ordinal, point, accuracy, place, path, owner, manager, state, installed, import, updated_at)
       select county, code, class, name, road, ordinal, point, accuracy, place, path, owner, manager, state, installed, import, $3
       from component_staging where county = $1 and import = $2
       on conflict (county, code) do update set
         class = excluded.class, name = excluded.name, road = excluded.road, ordinal = excluded.ordinal, point = excluded.point, accuracy = excluded.accuracy,
         place = excluded.place, path = excluded.path, owner = excluded.owner, manager = excluded.manager, state = excluded.state,
         installed = excluded.installed, import = excluded.import, updated_at = excluded.updated_at
       where (c.class, c.name, c.road, c.ordinal, c.point[0], c.point[1], c.accuracy, c.place, c.path, c.owner, c.manager, c.state, c.installed)
         is distinct from (excluded.class, excluded.name, excluded.road, excluded.ordinal, excluded.point[0], excluded.point[1], excluded.accuracy, excluded.place,
           excluded.path, excluded.owner, excluded.manager, excluded.state, excluded.installed)
       returning xmax = 0 as added
     ) select count(*) filter (where added) as added, count(*) filter (where not added) as changed from merged`,
    [county, importId, now],
  );
  // A plate that an import names takes the place of the one that the component had.
  const replaced = await tx.query<{ plate: string; steps: number }>(
    `update plate p set withdrawn_at = $3, state = 'replaced' from component_staging s
     where s.county = $1 and s.import = $2 and s.plate is not null and p.county = s.county and p.kind = 'component' and p.target = s.code
       and p.plate <> s.plate and p.withdrawn_at is null returning p.plate, p.steps`,
    [county, importId, now]);
  const attached = await tx.query<{ plate: string; steps: number }>(
    `insert into plate (county, plate, kind, target, issued_at, state) select county, plate, 'component', code, $3, 'attached' from component_staging
     where county = $1 and import = $2 and plate is not null
     on conflict (county, plate) do update set withdrawn_at = null, state = 'attached' where plate.state <> 'attached' returning plate, steps`,
    [county, importId, now]);
  await tx.query('delete from component_staging where county = $1 and import = $2', [county, importId]);
  // Plates with steps have entries; the others came with a survey.
  const traced = (rows: readonly { readonly plate: string; readonly steps: number }[]): string[] => rows.filter(({ steps }) => steps > 0).map(({ plate }) => plate).sort();
  return { ...counted!, replaced: traced(replaced), attached: traced(attached) };
};

/** Remembers an import. */
export const insertImport = async (
  tx: Tx, county: string, importId: string,
  { actor, source, digest, rows, added, changed }: { readonly actor: string; readonly source: string; readonly digest: string; readonly rows: number; readonly added: number; readonly changed: number },
  now: Date,
): Promise<void> => {
  await tx.query(
    'insert into component_import (county, import, at, actor, source, digest, rows, added, changed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [county, importId, now, actor, source, digest, rows, added, changed]);
};
