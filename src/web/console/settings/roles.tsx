import { listRoles } from '../../../modules/identity/contract.ts';
import { call } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { useResource } from '../../shared/resource.ts';
import { Await } from '../../ui/states.tsx';
import { Table } from '../pages/table.tsx';
import { useSettingsSay } from './texts.ts';

/** The roles that ship: what each reads and may. They are part of the release and are not changed here. */
const Roles = () => {
  const say = useSettingsSay();
  const { language } = useLanguage();
  const roles = useResource(`${language} roles`, (signal) => call(listRoles, { signal }));
  return (
    <div className="area-main">
      <h1>{say('section.roles')}</h1>
      <p className="dim">{say('roles.about')}</p>
      <Await resource={roles} lines={8}>
        {({ items }) => (
          <Table label={say('section.roles')} rows={items} keyOf={(row) => row.role} columns={[
            { key: 'label', label: say('roles.role'), narrow: true, cell: (row) => <b>{row.label}</b> },
            { key: 'reads', label: say('roles.reads'), cell: (row) => row.reads.length === 0 ? say('roles.reads.none') : row.reads.map(({ kinds, within }) => say(`roles.within.${within as 'place' | 'unit' | 'own' | 'all'}`, { kinds: kinds.map((kind) => (kind === '*' ? say('roles.kinds.all') : say(`roles.kind.${kind as 'case'}`))).join('、') })).join('；') },
            { key: 'unit', label: say('roles.unit'), narrow: true, cell: (row) => (row.needsUnit ? say('form.yes') : '') },
            { key: 'may', label: say('roles.may'), cell: (row) => <span className="dim">{row.permissions.join('  ')}</span> },
          ]} />
        )}
      </Await>
    </div>
  );
};

export default Roles;
