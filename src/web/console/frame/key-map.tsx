import { useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useWebSay } from '../../shared/language.tsx';
import { useKeys } from '../keyboard.ts';
import type { PageName } from '../pages.ts';
import { useSay, type ConsoleKey } from '../texts.ts';

/** Keys of every page, by page; those of a matter's actions stand on their buttons. */
const groups: readonly { readonly page: PageName | null; readonly title: ConsoleKey; readonly keys: readonly (readonly [keys: string, words: ConsoleKey])[] }[] = [
  { page: null, title: 'keys.everywhere', keys: [['/', 'keys.search'], ['?', 'keys.map'], ['Esc', 'keys.close'], ['Tab', 'keys.tab']] },
  { page: 'inbox', title: 'nav.inbox', keys: [['J', 'keys.next'], ['K', 'keys.previous'], ['Enter', 'keys.enter'], ['W', 'keys.why'], ['X', 'keys.select'], ['A…Z', 'keys.letters'], ['@', 'keys.mention']] },
  { page: 'queue', title: 'nav.queue', keys: [['G', 'queue.next'], ['J', 'keys.next'], ['K', 'keys.previous'], ['1–4', 'keys.file'], ['M', 'keys.merge'], ['N', 'keys.double'], ['I', 'queue.merge.other'], ['U', 'matter.unmerge'], ['R', 'keys.decline'], ['S', 'keys.split'], ['C', 'keys.check'], ['O', 'queue.open']] },
  { page: 'intake', title: 'nav.intake', keys: [['Ctrl + Enter', 'keys.send'], ['Alt + 1–4', 'keys.row'], ['Alt + A', 'keys.address']] },
  { page: 'callbacks', title: 'nav.callbacks', keys: [['N', 'callbacks.next'], ['P', 'callbacks.show'], ['5–1', 'callbacks.satisfied'], ['S', 'callbacks.solved.yes'], ['U', 'callbacks.solved.no'], ['C', 'callbacks.yes'], ['J', 'keys.part'], ['A', 'callbacks.answered'], ['M', 'callbacks.unanswered'], ['R', 'callbacks.refused']] },
  { page: 'search', title: 'nav.search', keys: [['J', 'keys.next'], ['K', 'keys.previous'], ['Enter', 'keys.enter']] },
];

/** All keys of the console, on `?` or by the button in the bar; the page that is open first. */
export const KeyMap = ({ current, shown }: { readonly current: PageName; readonly shown: readonly PageName[] }) => {
  const say = useSay();
  const webSay = useWebSay();
  const [open, setOpen] = useState(false);
  useKeys({ '?': () => setOpen(true), '？': () => setOpen(true) });
  const mine = groups.filter(({ page }) => page === null || shown.includes(page)).sort((a, b) => Number(b.page === current) - Number(a.page === current));
  return (
    <>
      <button type="button" className="bar-keys" aria-keyshortcuts="?" aria-label={say('keys.title')} onClick={() => setOpen(true)}><kbd aria-hidden="true">?</kbd></button>
      <ModalOverlay className="veil" isDismissable isOpen={open} onOpenChange={setOpen}>
        <Modal className="key-map">
          <Dialog aria-label={say('keys.title')} className="key-map-dialog">
            <header><h2>{say('keys.title')}</h2><button type="button" className="btn btn-small" onClick={() => setOpen(false)}>{webSay('close')}</button></header>
            <div className="key-groups">
              {mine.map(({ title, keys }) => (
                <section key={title}>
                  <h3>{say(title)}</h3>
                  <dl>{keys.map(([key, words]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{say(words)}</dd></div>)}</dl>
                </section>
              ))}
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </>
  );
};
