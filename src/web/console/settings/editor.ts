import type { AreaView } from '../../../modules/settings/contract/routes.ts';
import type { Value } from './shape.ts';

/** What is wrong at which JSON pointer. */
export type Wrongs = ReadonlyMap<string, string>;

/** What an editor of an area is given. */
export interface EditorProps {
  readonly area: AreaView;
  /** The county's own document as it would become; undefined is none. */
  readonly draft: Value;
  readonly change: (draft: Value) => void;
  readonly wrongs: Wrongs;
}
