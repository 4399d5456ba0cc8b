import { useId } from 'react';

export interface ChoiceRow {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly disabled?: boolean;
}

/** Large radio rows under a question. @param none words for choosing none of them, which is the empty id; no such row where absent */
export const Choices = ({ question, rows, none, value, choose }: { readonly question: string; readonly rows: readonly ChoiceRow[]; readonly none?: string; readonly value: string; readonly choose: (id: string) => void }) => {
  const name = useId();
  return (
    <fieldset className="choices">
      <legend>{question}</legend>
      {[...rows, ...(none === undefined ? [] : [{ id: '', name: none, note: '' }])].map((row: ChoiceRow) => (
        <label key={row.id} className="choice">
          <input type="radio" name={name} checked={value === row.id} disabled={row.disabled} onChange={() => choose(row.id)} />
          <span><b>{row.name}</b>{row.note && <small>{row.note}</small>}</span>
        </label>
      ))}
    </fieldset>
  );
};
