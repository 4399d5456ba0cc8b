import { exportChanges, subjects, type Subject } from '../../../../modules/changes/contract.ts';
import { go, usePlace } from '../../../shared/router.ts';
import { ExportMenu } from '../../export-menu.tsx';
import { useOfficeSay } from '../units/texts.ts';
import { ChangedList } from './changed-list.tsx';

const all = Object.keys(subjects) as Subject[];

/** All changes of how the county is run, by subject. */
const Changed = () => {
  const say = useOfficeSay();
  const { path } = usePlace();
  const chosen = all.find((subject) => subject === path[2]);
  return (
    <div className="area-main">
      <h1>{say('changes.title')}</h1>
      <p className="dim">{say('changes.about')}</p>
      <div className="search-filters">
        <div className="field">
          <label htmlFor="changed-subject">{say('changes.subject')}</label>
          <select id="changed-subject" className="field-input" value={chosen ?? ''} onChange={(event) => go(['settings', 'changed', ...(event.currentTarget.value ? [event.currentTarget.value] : [])])}>
            <option value="">{say('subject.all')}</option>
            {all.map((subject) => <option key={subject} value={subject}>{say(`subject.${subject}`)}</option>)}
          </select>
        </div>
        <ExportMenu route={exportChanges} asked={chosen ? { subject: chosen } : {}} />
      </div>
      <ChangedList key={chosen ?? 'all'} subject={chosen} />
    </div>
  );
};

export default Changed;
