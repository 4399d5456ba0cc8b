import { isRefusal } from '../../base/result.ts';
import type { Mounted } from './handler.ts';
import { fastifyPath } from './mount.ts';
import { addressCheck } from './reading/values.ts';

/** What is known of an address that was asked in a way in which nothing answers. */
export interface OtherMethod {
  /** Methods that are answered there; none where there is nothing at the address. */
  readonly allow: readonly string[];
  /** Who says refusals there, and whether pages of other sites may read them. */
  readonly at: Mounted | undefined;
}

const pattern = (path: string): RegExp =>
  new RegExp(`^${path.split(/(:\w+|\*)/).map((part) => (part === '*' ? '.*' : part.startsWith(':') ? `(?<${part.slice(1)}>[^/]+?)` : part.replace(/[^\w/]/g, '\\$&'))).join('')}$`);

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Looks among the mounted routes for those that answer an address in another method. Only asked where nothing answered. */
export const createOtherMethod = (mounted: readonly Mounted[]): ((path: string) => OtherMethod) => {
  const known = mounted.map((one) => ({ one, matches: pattern(fastifyPath(one.route.path)), check: one.route.params && addressCheck(one.route.params, 'params'), catchAll: one.route.path.includes('*') }));
  return (path) => {
    const found = known.flatMap(({ one, matches, check, catchAll }) => {
      const groups = matches.exec(path)?.groups;
      if (!groups && !matches.test(path)) return [];
      const params = Object.fromEntries(Object.entries(groups ?? {}).map(([name, value]) => [name, decoded(value)]));
      return catchAll || !check || !isRefusal(check(params)) ? [{ one, catchAll }] : [];
    });
    const methods = new Set(found.filter(({ catchAll }) => !catchAll).flatMap(({ one: { route } }) => [route.method, ...(route.method === 'GET' ? ['HEAD'] : []), ...(route.anyOrigin ? ['OPTIONS'] : [])]));
    return { allow: [...methods].sort(), at: found[0]?.one };
  };
};
