import type { ReactNode } from 'react';
import type { MatterPage } from '../../../modules/matters/contract.ts';
import { useTimeWords } from '../../shared/time.tsx';
import { useSay } from '../texts.ts';

/** What the matter is about, as pairs of a word and its meaning; what the system decided explains itself here. */
export const Facts = ({ page }: { readonly page: MatterPage }) => {
  const say = useSay();
  const { moment } = useTimeWords();
  const { matter, reporter, explain } = page;
  const rows: (readonly [string, string, ReactNode])[] = [];
  if (matter.component) rows.push(['component', say('matter.component'), <>{matter.component.name} <span className="dim number">{matter.component.id}</span></>]);
  if (matter.place) rows.push(['place', say('matter.place'), matter.place.names.join(' · ')]);
  rows.push(['reported', say('matter.reported'), moment(matter.createdAt)]);
  if (reporter) rows.push(['reporter', say('matter.reporter'), [reporter.name, reporter.maskedPhone].filter(Boolean).join(' · ') || reporter.kind]);
  for (const row of explain) rows.push([`explain.${row.key}`, row.label, row.words]);
  return (
    <dl className="facts">
      {rows.map(([key, label, words]) => <div key={key} data-fact={key}><dt>{label}</dt><dd>{words}</dd></div>)}
    </dl>
  );
};
