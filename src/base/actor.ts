import type { ActorId, CountyCode, PlacePath, UnitId } from './ids.ts';

/** A right: a role, for a unit, in everything under a place, for a purpose, from a time until another. */
export interface Grant {
  readonly id: string;
  readonly county: CountyCode;
  readonly role: string;
  readonly unit: UnitId | null;
  /** Everything whose path starts with this. */
  readonly place: PlacePath;
  readonly purpose: string | null;
  /** Milliseconds since 1970, inclusive. */
  readonly from: number;
  /** Milliseconds since 1970, exclusive; null while open. */
  readonly until: number | null;
}

/** Who asks. Every service takes one: nothing happens on nobody's behalf. */
export interface Actor {
  readonly id: ActorId;
  readonly kind: 'account' | 'resident' | 'program' | 'system';
  /** What staff call this person; null for residents, whose names stay in their own rows. */
  readonly name: string | null;
  readonly grants: readonly Grant[];
}

/** Who asks when nobody has said who they are: may do only what `anyone` may. */
export const anonymous: Actor = { id: '00000000-0000-7000-8000-000000000000' as ActorId, kind: 'resident', name: null, grants: [] };
/** Clocks, followers and imports act as this. */
export const theSystem: Actor = { id: '00000000-0000-7000-8000-000000000001' as ActorId, kind: 'system', name: null, grants: [] };
