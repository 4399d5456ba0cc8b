export const languages = ['zh-Hans', 'zh-Hant', 'en'] as const;
export type Language = (typeof languages)[number];

/** One text in every language; `{name}` stands for a parameter. */
export type Text = Readonly<Record<Language, string>>;
/** A catalogue file of `data/texts`: key to text. */
export type Catalogue = Readonly<Record<string, Text>>;

export type Params = Readonly<Record<string, string | number>>;

/** Puts parameters into a text. An unknown name stays as it stands, so that a test can find it. */
export const fill = (text: string, params: Params = {}): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));

/** Looks a key up in a catalogue; a missing key is returned in brackets and fails the catalogue test. */
export const say = (catalogue: Catalogue, language: Language, key: string, params?: Params): string => {
  const text = catalogue[key];
  return text ? fill(text[language], params) : `[${key}]`;
};

export const isLanguage = (text: unknown): text is Language => languages.includes(text as Language);

/** The best language for an Accept-Language header, or undefined where none fits. */
export const acceptLanguage = (header: string | undefined): Language | undefined => {
  for (const part of (header ?? '').split(',')) {
    const tag = part.split(';')[0]!.trim().toLowerCase();
    if (/^zh-(hant|tw|hk|mo)/.test(tag)) return 'zh-Hant';
    if (tag.startsWith('zh')) return 'zh-Hans';
    if (tag.startsWith('en')) return 'en';
  }
  return undefined;
};
