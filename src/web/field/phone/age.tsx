import { useTimeWords } from '../../shared/time.tsx';
import { useSay } from '../texts.ts';

/** Says since when something stands in the phone; nothing for what has just been read. */
export const Age = ({ at }: { readonly at: number | null }) => {
  const say = useSay();
  const { moment } = useTimeWords();
  return at === null ? null : <p className="age" role="status">{say('kept.age', { when: moment(new Date(at).toISOString()) })}</p>;
};
