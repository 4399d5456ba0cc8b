import { Converter } from 'opencc-js/t2cn';

const convert = Converter({ from: 't', to: 'cn' });

/** Traditional characters as simplified ones, which the county's own tables are in. */
export const simplified = (text: string): string => convert(text);
