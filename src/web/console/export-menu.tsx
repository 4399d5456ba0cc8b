import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { Route } from '../../base/route.ts';
import { addressOf } from '../shared/client.ts';
import { useLanguage } from '../shared/language.tsx';
import { useSay } from './texts.ts';

const formats = ['xlsx', 'csv'] as const;

/** A list as it is filtered, whole, as a file. The browser takes it in as it comes. */
export const ExportMenu = ({ route, asked }: { readonly route: Route; readonly asked: Readonly<Record<string, string>> }) => {
  const say = useSay();
  const { language } = useLanguage();
  return (
    <MenuTrigger>
      <Button className="btn btn-small btn-quiet">{say('inbox.export')}</Button>
      <Popover className="popover" placement="bottom start">
        <Menu className="listbox" aria-label={say('inbox.export')}>
          {formats.map((format) => <MenuItem key={format} id={format} className="option" href={addressOf(route, {}, { ...asked, format, lang: language })} download="">{say(`inbox.export.${format}`)}</MenuItem>)}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
};
