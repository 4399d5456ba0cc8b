import { Type, type Static } from 'typebox';
import { route } from '../../../base/route.ts';
import { DoneEarlier } from '../../matters/contract.ts';
import { closed, county, nullable, time, uuid } from './patrol.ts';
import { walkers } from './pack.ts';

export const HandoverView = Type.Object({
  id: Type.String(), from: Type.Object({ id: Type.String(), name: nullable(Type.String()) }), to: Type.Object({ id: Type.String(), name: nullable(Type.String()) }),
  placeNames: Type.Array(Type.String()), at: time,
  /** What was open, as its number, title and state when it was handed over. */
  open: Type.Array(Type.Object({ id: Type.String(), number: Type.String(), title: Type.String(), state: Type.String() })),
  remarks: nullable(Type.String()), confirmedAt: nullable(time), answer: nullable(Type.String()),
  /** Whether the caller is the one who is to confirm it. */
  mine: Type.Boolean(),
});
export type HandoverView = Static<typeof HandoverView>;

export const handOver = route({
  name: 'rounds.hand_over', method: 'POST', path: '/api/rounds/handovers', who: walkers, status: 201, perMinute: 60,
  summary: 'Hands a shift over: what is open, remarks, who takes over. It counts when that person confirms it.',
  body: Type.Object({ op: uuid, to: uuid, matters: Type.Array(uuid, { maxItems: 200 }), remarks: Type.Optional(Type.String({ maxLength: 1_000 })), done: Type.Optional(DoneEarlier) }, closed),
  response: Type.Object({ id: Type.String() }),
});

export const confirmHandover = route({
  name: 'rounds.confirm', method: 'POST', path: '/api/rounds/handovers/:id/confirm', who: walkers, perMinute: 60,
  summary: 'Confirms that a shift was taken over.',
  params: Type.Object({ id: uuid }), body: Type.Object({ op: uuid, remarks: Type.Optional(Type.String({ maxLength: 1_000 })), done: Type.Optional(DoneEarlier) }, closed),
  response: Type.Object({ id: Type.String() }),
});

export const listHandovers = route({
  name: 'rounds.handovers', method: 'GET', path: '/api/rounds/handovers', who: [...walkers, 'commander', 'supervisor', 'dispatcher'],
  summary: 'Shifts that were handed over by the caller or to them; a chief sees those of their area that nobody has confirmed.',
  query: Type.Object({ county }, closed),
  response: Type.Object({
    items: Type.Array(HandoverView),
    /** Whom the caller may hand over to. */
    colleagues: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
  }),
});

export const exportHandovers = route({
  name: 'rounds.export_handovers', method: 'GET', path: '/api/rounds/handovers/export', who: [...walkers, 'commander', 'supervisor', 'dispatcher'], perMinute: 20,
  summary: 'The shifts of that list as a table, CSV or XLSX. Who exported it is traced.',
  query: Type.Object({ county, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), response: Type.Unknown(), produces: 'application/octet-stream',
});
