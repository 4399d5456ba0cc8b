import { suggest as suggestRoute, type Suggestion } from '../../../modules/cases/contract/routes.ts';
import { call } from '../../shared/client.ts';

export type { Suggestion };

/** Asks what a report at a point is about; a component that was chosen ranks the rows for it. */
export const suggest = (about: { readonly lng?: number; readonly lat?: number; readonly accuracy?: number; readonly component?: string; readonly text?: string }, signal: AbortSignal): Promise<Suggestion> =>
  call(suggestRoute, { body: about, signal });
