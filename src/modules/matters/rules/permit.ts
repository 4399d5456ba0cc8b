import type { Actor } from '../../../base/actor.ts';
import { holds, personKey } from '../../identity/rules.ts';
import type { ActionDeclaration, Facets, Matter } from './workflow.ts';

/** Under which right an action is taken: goes into the entry as the actor's role and unit. */
export interface Standing {
  readonly role: string;
  readonly unit: string | null;
}

/**
 * The first right by which an actor may take an action, or undefined. A grant counts where its county is the matter's,
 * its place holds the matter (a matter without a place is the whole county's), and, for roles bound to their own unit,
 * its unit is the matter's lead unit.
 */
export const standing = (
  actor: Actor, declaration: ActionDeclaration, county: string, facets: Facets, now: number,
): Standing | undefined => {
  const { who, ownUnit = [] } = declaration;
  if (actor.kind === 'system') return { role: 'system', unit: null };
  for (const grant of actor.grants) {
    if (grant.county !== county || !who.includes(grant.role) || !holds(grant, now)) continue;
    if (facets.path !== undefined && !facets.path.startsWith(grant.place)) continue;
    if (ownUnit.includes(grant.role) && (grant.unit === null || grant.unit !== facets.leadUnit)) continue;
    return { role: grant.role, unit: grant.unit };
  }
  if (who.includes('handler') && facets.handler === actor.id)
    return { role: 'handler', unit: facets.leadUnit ?? null };
  if (who.includes('reporter') && facets.reporter === personKey(actor)) return { role: 'resident', unit: null };
  if (who.includes('anyone')) {
    const grant = actor.grants.find((one) => one.county === county && holds(one, now));
    return grant ? { role: grant.role, unit: grant.unit } : { role: 'resident', unit: null };
  }
  return undefined;
};

/** Under which right somebody acts for a reporter who has agreed to it; whether they have is for the caller of `act` to know. */
export const standingIn = (behalf: string | null, { who }: ActionDeclaration, { reporter }: Facets): Standing | undefined =>
  behalf !== null && who.includes('reporter') && reporter === behalf ? { role: 'proxy', unit: null } : undefined;

/** True where the action leads from the matter's state. */
export const leadsFrom = (declaration: ActionDeclaration, matter: Matter, final: readonly string[]): boolean =>
  declaration.from === 'any' ? !final.includes(matter.state) : (declaration.from?.includes(matter.state) ?? false);
