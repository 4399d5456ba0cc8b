import { languages } from '../../base/text/language.ts';
import { useLanguage, useWebSay } from '../shared/language.tsx';

/** The three languages, each by its own name. */
export const Languages = ({ className }: { readonly className: string }) => {
  const { language, choose } = useLanguage();
  const say = useWebSay();
  return (
    <div className={className} role="group" aria-label={say('language')}>
      {languages.map((each) => (
        <button key={each} type="button" lang={each} aria-pressed={each === language} onClick={() => choose(each)}>{say(`lang.${each}`)}</button>
      ))}
    </div>
  );
};
