import { Type } from 'typebox';
import { route } from '../../../base/route.ts';
import { DoneEarlier } from '../../matters/contract.ts';
import { closed, county, lat, lng, nullable, place, time, uuid } from './patrol.ts';

const visitors = ['gridworker', 'gridchief'] as const;

const Kind = Type.Union([Type.Literal('care'), Type.Literal('safety'), Type.Literal('survey'), Type.Literal('dispute'), Type.Literal('other')]);
const Outcome = Type.Union([Type.Literal('met'), Type.Literal('absent'), Type.Literal('declined')]);

export const logVisit = route({
  name: 'rounds.log_visit', method: 'POST', path: '/api/rounds/visits', who: visitors, status: 201, perMinute: 120,
  summary: 'Notes a visit to a household. Words about it are kept sealed and only with the household\'s consent; that somebody was there is kept without.',
  body: Type.Object({
    op: uuid, place: Type.Optional(place), lng: Type.Optional(lng), lat: Type.Optional(lat), kind: Kind, outcome: Outcome,
    consent: Type.Optional(uuid), household: Type.Optional(Type.String({ maxLength: 200 })), note: Type.Optional(Type.String({ maxLength: 2_000 })), done: Type.Optional(DoneEarlier),
  }, closed),
  response: Type.Object({ id: Type.String() }),
});

export const listVisits = route({
  name: 'rounds.visits', method: 'GET', path: '/api/rounds/visits', who: visitors,
  summary: 'Visits in the caller\'s grids, newest first, without what was said there.',
  query: Type.Object({ county, after: Type.Optional(Type.String({ maxLength: 80 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }, closed),
  response: Type.Object({
    items: Type.Array(Type.Object({
      id: Type.String(), at: time, doneAt: time, placeNames: Type.Array(Type.String()), kind: Type.String(), outcome: Type.String(), by: nullable(Type.String()), words: Type.Boolean(),
      consent: nullable(Type.Object({ until: time, revoked: Type.Boolean() })),
    })),
    next: nullable(Type.String()),
  }),
});

export const exportVisits = route({
  name: 'rounds.export_visits', method: 'GET', path: '/api/rounds/visits/export', who: visitors, perMinute: 20,
  summary: 'Visits in the caller\'s grids as a table, CSV or XLSX, without what was said there. Who exported it is traced.',
  query: Type.Object({ county, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), response: Type.Unknown(), produces: 'application/octet-stream',
});

export const openVisit = route({
  name: 'rounds.open_visit', method: 'POST', path: '/api/rounds/visits/:id/open', who: visitors, perMinute: 30,
  summary: 'What was noted of a visit, for a purpose; who looked, when and what for is an entry of the ledger.',
  params: Type.Object({ id: uuid }),
  body: Type.Object({ county, purpose: Type.Union([Type.Literal('follow_up'), Type.Literal('danger'), Type.Literal('complaint')]) }, closed),
  response: Type.Object({ household: nullable(Type.String()), note: nullable(Type.String()) }),
});

/** What is done for a resident. Adding to a report is reporting; asking for reopening is saying what one thinks of the result. */
const ForThem = Type.Union([Type.Literal('report'), Type.Literal('note'), Type.Literal('rate'), Type.Literal('askReopen')]);

export const actFor = route({
  name: 'rounds.act_for', method: 'POST', path: '/api/rounds/proxy', who: 'session', status: 201, perMinute: 60,
  summary: 'Reports, adds to a report, rates or asks for reopening for a resident who has agreed to it. The ledger shows who acted and for whom; the resident is told.',
  body: Type.Object({
    op: uuid, county, consent: uuid, do: ForThem,
    /** With all but `report`. */
    matter: Type.Optional(uuid), input: Type.Unknown(), done: Type.Optional(DoneEarlier),
  }, closed),
  response: Type.Object({ id: Type.String(), number: Type.String(), state: Type.String() }),
});

export const readTheirs = route({
  name: 'rounds.theirs', method: 'GET', path: '/api/rounds/proxy/:consent/matters', who: 'session',
  summary: 'The newest cases of a resident who has agreed to be acted for, and what can be done about each for them.',
  params: Type.Object({ consent: uuid }), query: Type.Object({ county }, closed),
  response: Type.Object({
    items: Type.Array(Type.Object({ id: Type.String(), number: Type.String(), title: Type.String(), state: Type.String(), stateLabel: Type.String(), at: time, stars: nullable(Type.Integer()), may: Type.Array(ForThem) })),
  }),
});
