import type { ReactNode } from 'react';
import type { MatterPage } from '../../../modules/matters/contract.ts';
import { revealReporter } from '../../../modules/identity/contract.ts';
import { useWebSay } from '../../shared/language.tsx';
import { may, useSession } from '../../shared/session.tsx';
import { useTimeWords } from '../../shared/time.tsx';
import { Reveal } from './reveal.tsx';
import { useSay } from '../texts.ts';

/** What the matter is about, as pairs of a word and its meaning; what the system decided explains itself here. */
export const Facts = ({ page }: { readonly page: MatterPage }) => {
  const say = useSay();
  const webSay = useWebSay();
  const { session } = useSession();
  const { moment } = useTimeWords();
  const { matter, reporter, explain } = page;
  const rows: (readonly [string, string, ReactNode])[] = [];
  // What explains itself says more than the bare name: each thing stands here once.
  const explained = new Set(explain.map((row) => row.key));
  if (matter.component && !explained.has('accuracy')) rows.push(['component', say('matter.component'), <>{matter.component.name} <span className="dim number">{matter.component.id}</span></>]);
  if (matter.place && !explained.has('place')) rows.push(['place', say('matter.place'), matter.place.names.join(' · ')]);
  rows.push(['reported', say('matter.reported'), moment(matter.createdAt)]);
  if (reporter) rows.push(['reporter', say('matter.reporter'), reporter.name ?? webSay('actor.resident')]);
  if (reporter?.maskedPhone) rows.push(['phone', say('matter.phone'), reporter.revealable && may(session, revealReporter) ? <Reveal matter={matter.id} masked={reporter.maskedPhone} /> : <span className="number">{reporter.maskedPhone}</span>]);
  for (const row of explain) rows.push([row.key, row.label, row.key === 'accuracy' && matter.component ? <><b>{matter.component.name}</b> {row.words}</> : row.words]);
  return (
    <dl className="facts">
      {rows.map(([key, label, words]) => <div key={key} data-fact={key}><dt>{label}</dt><dd>{words}</dd></div>)}
    </dl>
  );
};
