import { listAlarms } from '../../../modules/sensing/contract/devices.ts';
import { call } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { useResource } from '../../shared/resource.ts';
import { hrefOf } from '../../shared/router.ts';
import { useSession } from '../../shared/session.tsx';
import { useTimeWords } from '../../shared/time.tsx';
import { useDevicesSay } from '../pages/devices/texts.ts';

/** Alarms shown beside a case; all of them stand on the page of alarms. */
const shown = 8;

/** The devices' alarms that a case came of, or that it was told of; nothing where there are none. */
export const DeviceAlarms = ({ matter }: { readonly matter: string }) => {
  const say = useDevicesSay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const { session } = useSession();
  const alarms = useResource(session.permissions.includes('sensing.read') ? `${language} alarms of ${matter}` : null, (signal) => call(listAlarms, { query: { matter, box: 'all', limit: shown }, signal }), (news) => news.matter === matter);
  if (!alarms.data || alarms.data.items.length === 0) return null;
  return (
    <section className="children" aria-label={say('alarms')}>
      <h2>{say('alarms')}</h2>
      <ul className="callback-parts">
        {alarms.data.items.map(({ id, device, rule, openedAt, endedAt }) => (
          <li key={id}><a href={hrefOf(['devices', 'one', device.code])}>{device.name}</a> <b>{rule.name}</b> <span className="dim">{moment(openedAt)} – {endedAt ? moment(endedAt) : say('going')}</span></li>
        ))}
      </ul>
    </section>
  );
};
