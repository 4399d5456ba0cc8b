import { Type } from 'typebox';
import type { Identity } from '../../identity/index.ts';
import type { Area, Effect } from '../../settings/index.ts';

/** What an administrator needs to take this very setting back: nobody locks themselves out. */
const kept: Readonly<Record<string, readonly string[]>> = { admin: ['accounts.read', 'accounts.edit', 'grants.edit', 'settings.read', 'settings.edit', 'units.edit'] };

/**
 * 岗位权限收窄: what a county withholds from roles. It only takes away and gives back: what a role may at the most comes with the
 * release, where who reads and who acts are kept apart, and every route has its roles.
 */
export const rolesArea = (identity: Identity): Area => {
  const roles = Object.entries(identity.roles.roles).flatMap(([role, { may }]) => {
    const open = may.filter((permission) => !kept[role]?.includes(permission));
    return role === 'resident' || open.length === 0 ? [] : [[role, open] as const];
  });
  const withheldIn = (document: unknown, role: string): readonly string[] => ((document ?? {}) as Readonly<Record<string, readonly string[]>>)[role] ?? [];
  return {
    name: 'roles', path: ['roles'], edit: ['grants.edit'],
    schema: Type.Object(Object.fromEntries(roles.map(([role, open]) => [role, Type.Optional(Type.Array(Type.Union(open.map((one) => Type.Literal(one)), { 'x-words': 'permission' }), { maxItems: open.length, uniqueItems: true }))])), { additionalProperties: false }),
    async preview(county, before, after) {
      const effects: Effect[] = [];
      for (const [role, open] of roles) {
        const changed = open.filter((permission) => withheldIn(before, role).includes(permission) !== withheldIn(after, role).includes(permission));
        if (changed.length === 0) continue;
        const count = (await identity.accounts.holders(identity.world.db, county, [role], {})).length;
        for (const permission of changed) {
          const loses = withheldIn(after, role).includes(permission);
          effects.push({ words: loses ? 'effect.roles.lose' : 'effect.roles.gain', tone: loses ? 'warn' : 'plain', params: { role: `@roles.${role}`, count, may: `@permission.${permission}` } });
        }
      }
      return effects;
    },
    changed: () => identity.refreshRoles(),
  };
};
