/** Whoever of some people has least in hand; the first of those who have equally little, so that the order of the list decides. Undefined where there is nobody. */
export const shareEvenly = (people: readonly string[], load: ReadonlyMap<string, number>): string | undefined =>
  people.reduce<string | undefined>((least, one) => (least === undefined || (load.get(one) ?? 0) < (load.get(least) ?? 0) ? one : least), undefined);
