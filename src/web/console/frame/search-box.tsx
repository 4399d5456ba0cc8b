import { useEffect, useRef, useState, type FormEvent } from 'react';
import { holdsPhone } from '../../../modules/finding/rules/terms.ts';
import { listMatters } from '../../../modules/matters/contract.ts';
import { call, Problem } from '../../shared/client.ts';
import { go, usePlace } from '../../shared/router.ts';
import { SearchIcon } from '../../ui/icons.tsx';
import { useKeys } from '../keyboard.ts';
import { holdPhone } from '../held-phone.ts';
import { useSay } from '../texts.ts';

/** A number with its check digits, whatever parts its figures. */
const isWhole = (typed: string): boolean => /^[\d\s\-–—.]+$/u.test(typed) && /^\d{12,14}$/u.test(typed.replace(/\D/gu, ''));

/** Searches: Enter on a whole number opens its matter, on anything else shows what was found. A phone never goes into the address. */
export const SearchBox = () => {
  const say = useSay();
  const { path, query } = usePlace();
  const input = useRef<HTMLInputElement>(null);
  const asked = path[0] === 'search' ? query.get('q') : null;
  const [typed, setTyped] = useState(asked ?? '');
  const [words, setWords] = useState<string | null>(null);
  useEffect(() => { if (asked !== null) setTyped(asked); }, [asked]);
  useKeys({ '/': () => { input.current?.focus(); input.current?.select(); } });
  const find = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const wanted = typed.normalize('NFKC').trim();
    if (!wanted) return;
    setWords(null);
    if (holdsPhone(wanted)) {
      holdPhone(wanted);
      setTyped('');
      input.current?.blur();
      return go(['search'], { by: 'phone' });
    }
    if (isWhole(wanted)) {
      try {
        const { items } = await call(listMatters, { query: { box: 'all', number: wanted, limit: 1 } });
        if (items[0]) {
          setTyped('');
          input.current?.blur();
          return go(['inbox', items[0].id]);
        }
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        // Check digits that do not fit: a digit was misheard, and no search would find it.
        return setWords(error.message || say('search.none'));
      }
    }
    input.current?.blur();
    go(['search'], { q: wanted });
  };
  return (
    <form className="find" role="search" onSubmit={(event) => void find(event)}>
      <SearchIcon />
      <input ref={input} type="search" maxLength={100} aria-label={say('search.label')} placeholder={say('search.placeholder')} value={typed} onChange={(event) => { setTyped(event.currentTarget.value); setWords(null); }} onKeyDown={(event) => { if (event.key === 'Escape') { setWords(null); event.currentTarget.blur(); } }} />
      <kbd aria-hidden="true">/</kbd>
      {words && <p className="find-words" role="alert">{words}</p>}
    </form>
  );
};
