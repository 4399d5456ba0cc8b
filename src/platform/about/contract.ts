import { Type, type Static } from 'typebox';
import { route } from '../../base/route.ts';

/** What anybody may know of an installation. */
export const About = Type.Object({
  /** True where everything is invented: people, facilities and history. */
  demo: Type.Boolean(),
  /** Accounts of a demo with what each does there, in the caller's language; none elsewhere. */
  logins: Type.Array(Type.Object({ account: Type.String(), role: Type.String(), end: Type.String() })),
  /** The one password of a demo's accounts; null elsewhere. */
  password: Type.Union([Type.String(), Type.Null()]),
});
export type About = Static<typeof About>;

export const readAbout = route({
  name: 'about.read', method: 'GET', path: '/api/about', who: 'anyone',
  summary: 'Whether this is a demo, and with which accounts it can be tried.',
  response: About,
});
