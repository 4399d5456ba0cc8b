import { useRef, useState } from 'react';
import { Dialog, Popover } from 'react-aria-components';
import { readDue } from '../../../modules/matters/contract.ts';
import { call } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { useResource } from '../../shared/resource.ts';
import { useTimeWords } from '../../shared/time.tsx';
import { Await } from '../../ui/states.tsx';
import { useSay } from '../texts.ts';

/** Milliseconds that a pointer rests on a time before it explains itself. */
const restMs = 350;

/** Lies over a due time and, pressed or rested upon, says how it comes about: what was given, and every day on the way that does not count. */
export const DueWhy = ({ matter, words }: { readonly matter: string; readonly words: string }) => {
  const say = useSay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const button = useRef<HTMLButtonElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const [open, setOpen] = useState(false);
  const due = useResource(open ? `${language} ${matter}` : null, (signal) => call(readDue, { params: { id: matter }, signal }));
  const leave = (): void => { if (timer.current) clearTimeout(timer.current); };
  return (
    <>
      <button
        ref={button} type="button" className="row-why" aria-label={say('due.why', { when: words })} aria-expanded={open} aria-haspopup="dialog" data-why
        onClick={() => { leave(); setOpen(!open); }} onMouseEnter={() => { leave(); timer.current = setTimeout(() => setOpen(true), restMs); }} onMouseLeave={leave}
      />
      <Popover className="popover due-popover" triggerRef={button} isOpen={open} onOpenChange={setOpen} placement="bottom end">
        <Dialog className="due-dialog" aria-label={say('due.title')}>
          <Await resource={due} lines={4}>
            {({ clocks }) => clocks.length === 0 ? <p>{say('due.none')}</p> : clocks.map((clock) => (
              <section key={clock.name}>
                <h3>{clock.label}{clock.dueAt && ` · ${moment(clock.dueAt)}`}</h3>
                <ul>{clock.working.map((line) => <li key={line}>{line}</li>)}</ul>
              </section>
            ))}
          </Await>
        </Dialog>
      </Popover>
    </>
  );
};
