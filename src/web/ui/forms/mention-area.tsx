import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { Choice, Lookup } from './picker.tsx';

/** What is being typed after an `@` before the caret; null where nothing is. */
const mentionAt = (text: string, caret: number): { readonly from: number; readonly typed: string } | null => {
  const found = /(^|[^\p{L}\p{N}._%+-])[@＠]([\p{L}\p{N}._-]{0,30})$/u.exec(text.slice(0, caret));
  return found ? { from: caret - found[2]!.length, typed: found[2]! } : null;
};

interface Props {
  readonly id: string;
  readonly value: string;
  readonly maxLength: number | null;
  /** Finds colleagues; the id of a choice is the login that is written. */
  readonly lookup: Lookup;
  readonly onChange: (value: string) => void;
  readonly describedBy: Readonly<Record<string, string | boolean>>;
}

/** A text in which `@` offers colleagues: arrow keys choose, Enter or Tab writes the login, Escape lets it be. */
export const MentionArea = ({ id, value, maxLength, lookup, onChange, describedBy }: Props) => {
  const area = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const [asked, setAsked] = useState<ReturnType<typeof mentionAt>>(null);
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const [at, setAt] = useState(0);
  const typed = asked?.typed ?? null;
  const latest = useRef(lookup);
  latest.current = lookup;
  useEffect(() => {
    if (typed === null) return setChoices([]);
    const stop = new AbortController();
    // A look-up that fails offers nobody: the login can be typed all the same.
    latest.current(typed, stop.signal).then((found) => { if (!stop.signal.aborted) { setChoices(found); setAt(0); } }, () => { if (!stop.signal.aborted) setChoices([]); });
    return () => stop.abort();
  }, [typed]);
  const open = asked !== null && choices.length > 0;
  const write = (choice: Choice): void => {
    if (!asked) return;
    const end = asked.from + asked.typed.length;
    onChange(`${value.slice(0, asked.from)}${choice.id} ${value.slice(end)}`);
    setAsked(null);
    const caret = asked.from + choice.id.length + 1;
    requestAnimationFrame(() => { area.current?.focus(); area.current?.setSelectionRange(caret, caret); });
  };
  const press = (event: KeyboardEvent): void => {
    if (!open || event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((at + step + choices.length) % choices.length);
    else if (event.key === 'Enter' || event.key === 'Tab') write(choices[at]!);
    else if (event.key === 'Escape') setAsked(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="mention">
      <textarea
        ref={area} id={id} rows={3} {...(maxLength !== null && { maxLength })} value={value} {...describedBy}
        aria-autocomplete="list" aria-controls={list} {...(open && { 'aria-activedescendant': `${list}-${at}` })}
        onChange={(event) => { onChange(event.currentTarget.value); setAsked(mentionAt(event.currentTarget.value, event.currentTarget.selectionStart)); }}
        onKeyDown={press} onBlur={() => setAsked(null)}
      />
      <div id={list} role="listbox" aria-label="@" className="listbox mention-list" hidden={!open}>
        {choices.map((choice, n) => (
          <div key={choice.id} tabIndex={-1} id={`${list}-${n}`} role="option" aria-selected={n === at} className="option" onMouseDown={(event) => { event.preventDefault(); write(choice); }}>
            {choice.name} <span className="dim">@{choice.id}</span>
          </div>
        ))}
      </div>
    </div>
  );
};
