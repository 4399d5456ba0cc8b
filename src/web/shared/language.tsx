import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';
import { acceptLanguage, isLanguage, say, type Catalogue, type Language, type Params } from '../../base/text/language.ts';
import webTexts from '../../../data/texts/web.json' with { type: 'json' };

/** Name of the cookie in which all ends remember the language. */
const cookieName = 'lang';

const fromCookie = (): string | undefined => document.cookie.match(/(?:^|;\s*)lang=([\w-]+)/)?.[1];

/** The language to start in: `?lang=`, then the cookie, then what the browser asks for, then Simplified Chinese. */
export const startLanguage = (): Language => {
  const asked = new URLSearchParams(location.search).get('lang');
  if (isLanguage(asked)) return asked;
  const kept = fromCookie();
  if (isLanguage(kept)) return kept;
  return acceptLanguage(navigator.languages.join(',')) ?? 'zh-Hans';
};

interface LanguageState {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}
const Context = createContext<LanguageState>({ language: 'zh-Hans', choose: () => undefined });

/** Writes the language where the server and screen readers look for it, before anything is asked for in it. */
const remember = (language: Language): Language => {
  document.documentElement.lang = language;
  document.cookie = `${cookieName}=${language};path=/;max-age=31536000;samesite=lax`;
  return language;
};

/** Gives its children the language. */
export const LanguageProvider = ({ children }: { readonly children: ReactNode }) => {
  const [language, setLanguage] = useState<Language>(() => remember(startLanguage()));
  return <Context value={{ language, choose: (next) => setLanguage(remember(next)) }}>{children}</Context>;
};

export const useLanguage = (): LanguageState => useContext(Context);

/** Says a text of one catalogue in the chosen language. */
export type Say<K extends string> = (key: K, params?: Params) => string;

/** Makes the hook that says the texts of a catalogue; a key that it lacks does not compile. */
export const sayOf = <C extends Catalogue>(catalogue: C) => (): Say<keyof C & string> => {
  const { language } = useLanguage();
  return useCallback((key, params) => say(catalogue, language, key, params), [language]);
};

/** The texts that console and field share. */
export const useWebSay = sayOf(webTexts);
export type WebKey = keyof typeof webTexts;
