/**
 * Branded identifiers. A brand costs nothing at run time and keeps a unit from being passed as a place.
 */
declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** Immutable tenant code, as a rule the six digits of GB/T 2260. */
export type CountyCode = Branded<string, 'CountyCode'>;
/** A place's code: province 2, city 4, county 6, town 9, village 12, grid 14 or 15, micro-grid grid + 3 digits. */
export type PlaceCode = Branded<string, 'PlaceCode'>;
/** Codes of a place and of all above it, joined and ended by `/`, from the province down: `33/3302/330281/…/`. */
export type PlacePath = Branded<string, 'PlacePath'>;
export type MatterId = Branded<string, 'MatterId'>;
/** An account, a resident's contact or the system itself; pseudonymous in the ledger. */
export type ActorId = Branded<string, 'ActorId'>;
export type UnitId = Branded<string, 'UnitId'>;
/** A UUID made by whoever asks for an action, so that asking twice happens once. */
export type Op = Branded<string, 'Op'>;
/** Lower-case hexadecimal SHA-256, 64 characters: the address of a blob. */
export type Digest = Branded<string, 'Digest'>;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for a UUID of any RFC 9562 version in lower case. */
export const isUuid = (text: string): boolean => uuidPattern.test(text);

/** True for a lower-case hexadecimal SHA-256. */
export const isDigest = (text: string): text is Digest => /^[0-9a-f]{64}$/.test(text);

/** The id under which somebody reports who has left neither account nor phone. */
export const nobody = '00000000-0000-7000-8000-000000000000' as ActorId;
