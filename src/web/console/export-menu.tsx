import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { Route } from '../../base/route.ts';
import { addressOf } from '../shared/client.ts';
import { useLanguage } from '../shared/language.tsx';
import { useSay } from './texts.ts';

const formats = ['xlsx', 'csv'] as const;

/** A list as it is filtered, whole, as a file. The browser takes it in as it comes. */
export const ExportMenu = ({ route, asked, params = {}, words }: {
  readonly route: Route; readonly asked: Readonly<Record<string, string>>;
  /** What stands in the route's path. */
  readonly params?: Readonly<Record<string, string>>;
  /** What is exported, where a page has several lists. */
  readonly words?: string;
}) => {
  const say = useSay();
  const { language } = useLanguage();
  return (
    <MenuTrigger>
      <Button className="btn btn-small btn-quiet">{words ?? say('inbox.export')}</Button>
      <Popover className="popover" placement="bottom start">
        <Menu className="listbox" aria-label={say('inbox.export')}>
          {formats.map((format) => <MenuItem key={format} id={format} className="option" href={addressOf(route, params, { ...asked, format, lang: language })} download="">{say(`inbox.export.${format}`)}</MenuItem>)}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
};
