import { useState } from 'react';
import { Button, Dialog, Menu, MenuItem, MenuTrigger, Modal, ModalOverlay, Popover } from 'react-aria-components';
import { languages } from '../../../base/text/language.ts';
import { useLanguage, useWebSay } from '../../shared/language.tsx';
import { forgetNotices } from '../../shared/notices.ts';
import { useSession } from '../../shared/session.tsx';
import { DownIcon } from '../../ui/icons.tsx';
import { Notices } from '../../ui/notices.tsx';
import { useSay } from '../texts.ts';

/** The worker by which the console is told; the residents' own, at home here. */
const consoleTeller = { script: '/told.js', scope: '/console/' } as const;

/** Who is signed in: the language, how one is told, and the way out. */
export const AccountMenu = () => {
  const say = useSay();
  const webSay = useWebSay();
  const { session, leave } = useSession();
  const { language, choose } = useLanguage();
  const [notices, setNotices] = useState(false);
  const roles = [...new Set(session.grants.map((grant) => grant.roleLabel))];
  const act = (key: string | number): void => {
    const chosen = languages.find((each) => each === key);
    if (chosen) choose(chosen);
    else if (key === 'notices') setNotices(true);
    else void forgetNotices(consoleTeller).catch(() => undefined).then(leave);
  };
  return (
    <>
      <MenuTrigger>
        <Button className="account">
          <span className="account-words"><b>{session.name}</b>{roles[0] && roles[0] !== session.name && <small>{roles.slice(0, 2).join('、')}</small>}</span>
          <span className="hidden-words">{say('account.menu')}</span>
          <DownIcon />
        </Button>
        <Popover className="popover" placement="bottom end">
          <Menu className="listbox" onAction={act}>
            {languages.map((each) => <MenuItem key={each} id={each} className="option" textValue={webSay(`lang.${each}`)}><span lang={each}>{webSay(`lang.${each}`)}{each === language ? ' ✓' : ''}</span></MenuItem>)}
            <MenuItem id="notices" className="option option-apart">{say('account.notices')}</MenuItem>
            <MenuItem id="leave" className="option option-apart">{webSay('signout')}</MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      <ModalOverlay className="veil" isDismissable isOpen={notices} onOpenChange={setNotices}>
        <Modal className="told-sheet">
          <Dialog aria-label={say('account.notices')}>
            <Notices teller={consoleTeller} />
            <button type="button" className="btn btn-small" onClick={() => setNotices(false)}>{webSay('close')}</button>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </>
  );
};
