/** What the system believes a report is about. */
export interface Suggestion {
  readonly components: readonly { readonly code: string; readonly name: string; readonly metres: number | null }[];
  readonly rows: readonly { readonly key: string; readonly name: string; readonly score: number }[];
  readonly duplicates: readonly { readonly id: string; readonly title: string; readonly at: string }[];
  readonly place: readonly string[];
}
export const suggest = async (_about: { readonly text: string; readonly lng?: number; readonly lat?: number }, _signal: AbortSignal): Promise<Suggestion> => ({ components: [], rows: [], duplicates: [], place: [] });
