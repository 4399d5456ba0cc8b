import { attributes, type Markup, markup } from '../markup.ts';
import type { Component } from './component.ts';

export interface Field {
  /** Also the id. */
  readonly name: string;
  readonly label: string;
  /** The label stands in the page's heading: the question is the page. */
  readonly asHeading?: boolean;
  readonly hint?: string | null;
  readonly value: string;
  readonly error?: string | null;
  readonly type?: 'text' | 'tel' | 'search';
  readonly inputMode?: 'numeric' | 'tel' | 'text' | 'email';
  readonly autocomplete?: string;
  readonly maxLength?: number;
  /** Lines of a text area; absent for one line. */
  readonly rows?: number;
  /** Characters that fit, for short known answers such as a code. */
  readonly width?: number;
}

/** A question with one box: label, hint, error, box, in this order. */
export const textField = (field: Field): Markup => {
  const described = [field.hint && `${field.name}-hint`, field.error && `${field.name}-error`].filter(Boolean).join(' ') || null;
  const shared = { id: field.name, name: field.name, maxlength: field.maxLength, 'aria-describedby': described, 'aria-invalid': field.error ? 'true' : null };
  const label = markup`<label for="${field.name}">${field.label}</label>`;
  return markup`
<div class="${field.error ? 'field wrong' : 'field'}">${field.asHeading ? markup`<h1>${label}</h1>` : label}
${field.hint && markup`<p class="hint" id="${field.name}-hint">${field.hint}</p>`}${field.error && markup`<p class="wrong-words" id="${field.name}-error">${field.error}</p>`}
${field.rows
    ? markup`<textarea${attributes({ ...shared, rows: field.rows })}>
${field.value}</textarea>`
    : markup`<input${attributes({ ...shared, type: field.type ?? 'text', value: field.value, inputmode: field.inputMode, autocomplete: field.autocomplete ?? 'off', class: field.width ? `w${field.width}` : null })}>`}</div>`;
};

export const field: Component = {
  name: 'field',
  notes: 'Hint and error are tied to the box by aria-describedby; a text area begins with a line break, so that a text that begins with one keeps it.',
  style: `
.field{margin:20px 0}
.field label{font-weight:600}
.field h1{margin-top:4px}
.field h1 label{font-weight:inherit}
.step+form>.field:first-child,.step+form>input+.field{margin-top:0}
.hint{margin:4px 0 8px;color:var(--ink-3);font-size:.89rem}
.field input,.field textarea{display:block;width:100%;min-height:var(--target);box-sizing:border-box;margin-top:8px;padding:10px 12px;border:2px solid var(--line-strong);border-radius:10px;background:var(--card);color:var(--ink);font:inherit;-webkit-appearance:none;appearance:none}
.field textarea{line-height:1.5;resize:vertical}
.field .w6{width:10em;max-width:100%;font-variant-numeric:tabular-nums}
.field [autocomplete=one-time-code]{letter-spacing:.2em}
.wrong{padding-left:14px;border-left:5px solid var(--late)}
.wrong input,.wrong textarea{border-color:var(--late)}
.wrong-words{margin:6px 0;color:var(--late);font-weight:700}`,
  examples: {
    phone: textField({ name: 'phone', label: '手机号', hint: '可以不填。填了，每一步都发短信告诉您。', value: '', type: 'tel', autocomplete: 'tel-national' }),
    wrong: textField({ name: 'code', label: '短信里的 6 位数字', value: '12', error: '要 6 位数字。', inputMode: 'numeric', width: 6, autocomplete: 'one-time-code' }),
    words: textField({ name: 'words', label: '还有什么要告诉我们？', value: '灯杆有点歪', rows: 3 }),
  },
};
