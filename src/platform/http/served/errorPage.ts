import { type Language, say } from '../../../base/text/language.ts';
import { textsOf } from '../../texts.ts';
import type { Problem } from '../problem.ts';

/** A refusal as a page; what a server is given instead may be more at home in the house's layout. */
export type ErrorPage = (problem: Problem, language: Language, nonce: string, asked: Asked) => string;

/** What was asked for, as far as a page about it needs to know. */
export interface Asked {
  /** Path with query. */
  readonly path: string;
  readonly cookie: (name: string) => string | undefined;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);

/** The plain page: what happened, what to do, the way back and the way home. Works alone, without any other file. */
export const plainErrorPage: ErrorPage = (problem, language, nonce) => {
  const t = (key: string): string => escaped(say(textsOf('http'), language, key));
  const errors = problem.errors?.map(({ message }) => `<li>${escaped(message)}</li>`).join('') ?? '';
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(problem.title)}</title><style nonce="${nonce}">
body{font:18px/1.6 system-ui,"PingFang SC","Noto Sans SC","Microsoft YaHei",sans-serif;color:#14202B;background:#FAF7F1;max-width:34rem;margin:0 auto;padding:2rem 1.25rem}
h1{font-size:1.55rem;line-height:1.3}a{color:#0B566B;display:inline-block;padding:.6rem 0}small{color:#566673;font-size:16px}:focus-visible{outline:3px solid #F4B02A;outline-offset:2px}
</style></head><body><main><h1>${escaped(problem.title)}</h1><p>${escaped(problem.detail)}</p>${errors && `<ul>${errors}</ul>`}
<p><a href="/">${t('error.home')}</a></p><p><small>${t('error.number')} ${escaped(problem.request)}</small></p></main></body></html>`;
};
