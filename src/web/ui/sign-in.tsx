import { useState, type FormEvent } from 'react';
import { Problem } from '../shared/client.ts';
import { useWebSay } from '../shared/language.tsx';
import { signIn, useAbout, type Session } from '../shared/session-routes.ts';
import { Languages } from './languages.tsx';
import { Lantern } from './lantern.tsx';

/** Account and password; where the server says that it is a demo, its accounts stand below, one press each. */
export const SignIn = ({ end, ended, enter }: { readonly end: 'console' | 'field'; readonly ended: boolean; readonly enter: (session: Session) => void }) => {
  const say = useWebSay();
  const [account, setAccount] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const about = useAbout();
  const { password: secret = null, logins = [] } = about ?? {};
  const here = logins.filter((each) => each.end === `/${end}/`);
  const go = async (name: string, secret: string): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      enter(await signIn(name, secret));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!busy) void go(account.trim(), password);
  };
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <div className="sign-in-head">
          <Lantern />
          <div>
            <h1>{say('product')} · {say(end === 'console' ? 'signin.console' : 'signin.field')}</h1>
          </div>
        </div>
        {ended && !problem && <p className="note note-wait" role="status">{say('signin.ended')}</p>}
        {problem && <p className="note note-late" role="alert">{problem.message || say('network.detail')}</p>}
        <form className="form" onSubmit={submit}>
          <div className="field">
            <label htmlFor="account">{say('signin.account')}</label>
            <input id="account" name="account" autoComplete="username" autoCapitalize="none" spellCheck={false} required value={account} onChange={(event) => setAccount(event.currentTarget.value)} />
          </div>
          <div className="field">
            <label htmlFor="password">{say('signin.password')}</label>
            <input id="password" name="password" type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
          </div>
          <button type="submit" className="btn btn-primary" aria-disabled={busy}>{say(busy ? 'signin.busy' : 'signin.do')}</button>
        </form>
        {secret !== null && here.length > 0 && (
          <section className="form" aria-labelledby="demo-title">
            <h2 id="demo-title" className="field-hint">{say('signin.demo')}</h2>
            <ul className="demo-list">
              {here.map((each) => (
                <li key={each.account}>
                  <button type="button" className="btn" onClick={() => void go(each.account, secret)}>
                    {each.role}
                    <small>{each.account}</small>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <Languages className="languages" />
    </main>
  );
};
