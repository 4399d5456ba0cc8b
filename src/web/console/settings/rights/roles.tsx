import { listRoles } from '../../../../modules/identity/contract.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { hrefOf } from '../../../shared/router.ts';
import { Await } from '../../../ui/states.tsx';
import { Table } from '../../pages/table.tsx';
import { useSettingsSay } from '../texts.ts';
import { useRightsSay } from './texts.ts';

const Lines = ({ words }: { readonly words: readonly string[] }) => <ul className="role-lines">{words.map((one) => <li key={one}>{one}</li>)}</ul>;

/** The roles in plain words: what each sees and does, and what is withheld from it here. */
const Roles = () => {
  const say = useRightsSay();
  const settingsSay = useSettingsSay();
  const { language } = useLanguage();
  const roles = useResource(`${language} roles`, (signal) => call(listRoles, { signal }), (news) => news.kind === 'settings');
  return (
    <div className="area-main">
      <h1>{settingsSay('section.roles')}</h1>
      <p className="dim">{say('roles.about')}</p>
      <p><a href={hrefOf(['settings', 'roles'])}>{say('roles.narrow')}</a></p>
      <Await resource={roles} lines={8}>
        {({ items }) => (
          <Table label={settingsSay('section.roles')} rows={items} keyOf={(row) => row.role} columns={[
            { key: 'label', label: say('role'), narrow: true, cell: (row) => <><b>{row.label}</b>{row.needsUnit && <small className="dim"><br />{say('roles.unit')}</small>}</> },
            { key: 'sees', label: say('roles.sees'), cell: (row) => (row.sees.length === 0 ? <span className="dim">{say('roles.sees.none')}</span> : <Lines words={row.sees} />) },
            { key: 'does', label: say('roles.does'), cell: (row) => <span>{row.does.join(' · ')}</span> },
            { key: 'withheld', label: say('roles.withheld'), cell: (row) => row.withheld.join(' · ') },
            { key: 'holders', label: say('roles.holders'), narrow: true, cell: (row) => <a href={hrefOf(['settings', 'grants', row.role])} aria-label={`${say('roles.holders')} ${row.label}`}>{say('roles.holders')}</a> },
          ]} />
        )}
      </Await>
    </div>
  );
};

export default Roles;
