import { useEffect, useState } from 'react';
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text, type Key } from 'react-aria-components';
import { useWebSay } from '../../shared/language.tsx';
import { DownIcon } from '../icons.tsx';

/** Something that can be picked: its id goes into the input, its name and note are what people read. */
export interface Choice {
  readonly id: string;
  readonly name: string;
  readonly note?: string;
}

/** Looks choices up by what has been typed, the likeliest first. */
export type Lookup = (typed: string, signal: AbortSignal) => Promise<readonly Choice[]>;

/** Pause after a key before the server is asked, in milliseconds. */
const pause = 150;

interface Props {
  readonly label: string;
  readonly lookup: Lookup;
  readonly value: Choice | null;
  readonly onChange: (choice: Choice | null) => void;
  readonly required?: boolean;
  readonly autoFocus?: boolean;
  readonly invalid?: boolean;
}

/** An input that offers what the server finds for the words typed so far. */
export const Picker = ({ label, lookup, value, onChange, required = false, autoFocus = false, invalid = false }: Props) => {
  const say = useWebSay();
  const [typed, setTyped] = useState(value?.name ?? '');
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      lookup(value && typed === value.name ? '' : typed, stop.signal).then(
        (found) => { if (!stop.signal.aborted) setChoices(found); },
        () => { if (!stop.signal.aborted) setChoices([]); },
      );
    }, pause);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [typed, lookup, value]);
  // What is chosen stays among the choices while others are looked up: a list without it would take it away.
  const offered = value && !choices.some((each) => each.id === value.id) ? [value, ...choices] : choices;
  const pick = (key: Key | null): void => {
    const choice = offered.find((each) => each.id === key) ?? null;
    onChange(choice);
    if (choice) setTyped(choice.name);
  };
  return (
    <ComboBox className="field" items={offered} inputValue={typed} onInputChange={setTyped} value={value?.id ?? null} onChange={pick} menuTrigger="input" allowsEmptyCollection isRequired={required} isInvalid={invalid} defaultFilter={() => true} validationBehavior="aria">
      <Label>{label}</Label>
      <div className="combo">
        <Input className="field-input" autoFocus={autoFocus} />
        <Button aria-label={say('pick.open')}><DownIcon /></Button>
      </div>
      <Popover className="popover">
        <ListBox<Choice> className="listbox" renderEmptyState={() => <p className="option dim">{say('pick.none')}</p>}>
          {(choice) => (
            <ListBoxItem className="option" id={choice.id} textValue={choice.name}>
              <Text slot="label">{choice.name}</Text>
              {choice.note && <Text slot="description" className="dim">{choice.note}</Text>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
};
