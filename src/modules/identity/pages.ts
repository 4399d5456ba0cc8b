import { say, type Language } from '../../base/text/language.ts';
import { day, night } from '../../base/tokens.ts';
import { isRefusal, type Refusal } from '../../base/result.ts';
import { lanternMark } from '../../html/mark.ts';
import { Markup, markup } from '../../html/markup.ts';
import type { Page, PageAnswer } from '../../platform/http/page.ts';
import { textsOf } from '../../platform/texts.ts';
import type { Identity } from './index.ts';

/** One column, one question: the first thing that a new member of staff sees. */
const style = `
*{box-sizing:border-box}
body{margin:0;background:${day.paper};color:${day.ink};font:16px/1.6 "PingFang SC","HarmonyOS Sans SC",MiSans,"Noto Sans SC","Microsoft YaHei",sans-serif}
header{background:${night.ground};color:${night.text};padding:12px 0}
header div,main{max-width:480px;margin:0 auto;padding:0 16px}
header div{display:flex;gap:8px;align-items:center;font-weight:600}
main{padding-top:24px}
h1{font-size:24px;line-height:1.3;margin:0 0 8px}
label{display:block;font-weight:600;margin-top:20px}
input{display:block;width:100%;min-height:44px;margin-top:8px;padding:10px 12px;border:2px solid ${day.lineStrong};border-radius:6px;font:inherit;background:#fff;color:inherit}
button{min-height:44px;margin:24px 0;padding:8px 24px;border:0;border-radius:6px;background:${day.action};color:#fff;font:600 16px/1.5 inherit;font-family:inherit}
input:focus-visible,button:focus-visible{outline:3px solid ${day.lamp};outline-offset:0;box-shadow:0 0 0 5px ${day.ink}}
.wrong{border-left:5px solid ${day.late};padding-left:12px;color:${day.late};font-weight:700}`;

const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

/** The page that a one-time link opens: it asks for a password twice and signs in. Works without a script. */
export const identityPages = (identity: Pick<Identity, 'sessions'>): Page[] => {
  const words = (key: string, language: Language): string => say(textsOf('identity'), language, key);

  const page = (language: Language, nonce: string, wrong: string | null): PageAnswer => ({
    status: wrong === null ? 200 : 422,
    // The address holds the token: no other page is told where the visitor came from.
    headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    html: markup`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${words('welcome_title', language)}</title><style nonce="${nonce}">${new Markup(style)}</style></head>
<body><header><div>${lanternMark(28)}<span>${words('welcome_brand', language)}</span></div></header><main><h1>${words('welcome_title', language)}</h1><p id="rule">${words('welcome_rule', language)}</p>
${wrong !== null && markup`<p class="wrong" role="alert" id="wrong">${wrong}</p>`}
<form method="post"><label for="password">${words('welcome_password', language)}</label><input id="password" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="128" required aria-describedby="${wrong === null ? 'rule' : 'rule wrong'}">
<label for="again">${words('welcome_again', language)}</label><input id="again" name="again" type="password" autocomplete="new-password" minlength="12" maxlength="128" required>
<button>${words('welcome_set', language)}</button></form></main></body></html>`.text,
  });

  const reason = (refusal: Refusal, language: Language): string => say(textsOf('reasons'), language, refusal.reason, refusal.params);

  return [
    { name: 'identity.page_welcome', method: 'GET', path: '/welcome/{token}', who: 'anyone', perMinute: 60, answer: async ({ language, nonce }) => page(language, nonce, null) },
    {
      name: 'identity.page_welcome_set', method: 'POST', path: '/welcome/{token}', who: 'anyone', perMinute: 20,
      async answer({ params, form, language, nonce, reply }) {
        const password = form.get('password') ?? '';
        if (password !== (form.get('again') ?? '')) return page(language, nonce, words('welcome_differ', language));
        if (password.length < 12 || password.length > 128) return page(language, nonce, words('welcome_rule', language));
        const token = params['token'] ?? '';
        const opened = tokenPattern.test(token) ? await identity.sessions.useLink(token, password) : ({ refused: true, status: 422, reason: 'identity.link' } as const);
        if (isRefusal(opened)) return page(language, nonce, reason(opened, language));
        reply.header('set-cookie', identity.sessions.cookie('staff', opened));
        return { redirect: '/console/' };
      },
    },
  ];
};
