import { Type, type Static, type TSchema } from 'typebox';
import { route } from '../../../base/route.ts';
import { ComponentPublic, componentReaders } from './components.ts';

const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
const closed = { additionalProperties: false } as const;
const code = Type.String({ pattern: '^\\d{16}$' });
const uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
const plate = Type.String({ minLength: 1, maxLength: 40 });
const state = Type.Union([Type.Literal('ordered'), Type.Literal('printed'), Type.Literal('attached'), Type.Literal('lost'), Type.Literal('replaced'), Type.Literal('withdrawn')]);
const kind = Type.Union([Type.Literal('component'), Type.Literal('gate'), Type.Literal('blank')]);
/** Digest of a picture that the same account sent in. */
const photo = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** Roles of `data/roles.json` that hang plates up. */
const plateHangers = ['gridworker', 'gridchief', 'collector', 'unithandler', 'steward'] as const;

const PlateView = Type.Object({ plate: Type.String(), shown: Type.String(), kind: Type.String(), target: Type.String(), address: Type.String() });

/** A plate in a list: what it stands for, in which state, since when and by whom. */
export const PlateItem = Type.Object({
  ...PlateView.properties, name: Type.String(), place: nullable(Type.String()), state, stateLabel: Type.String(), kindLabel: Type.String(),
  /** RFC 3339 in UTC. */
  at: Type.String(), by: nullable(Type.String()), batch: nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  photo: nullable(Type.String()),
});
export type PlateItem = Static<typeof PlateItem>;

/** Plates that were made at one time, and how far they are. */
export const PlateBatchView = Type.Object({
  id: Type.String(), name: Type.String(), kind, kindLabel: Type.String(), plates: Type.Integer(), at: Type.String(), by: nullable(Type.String()),
  sheetKey: Type.String(), sheetName: Type.String(), sheet: Type.String(),
  states: Type.Array(Type.Object({ state, label: Type.String(), count: Type.Integer() })),
});
export type PlateBatchView = Static<typeof PlateBatchView>;

export const issuePlates = route({
  name: 'components.issue_plates', method: 'POST', path: '/api/components/plates', who: ['steward'],
  summary: 'Gives components their QR plates; one that has a plate keeps it. `sheet` is the address of the printable page.',
  body: Type.Object({ county, codes: Type.Array(code, { minItems: 1, maxItems: 500 }) }, closed),
  response: Type.Object({ items: Type.Array(PlateView), sheet: Type.String() }),
});

export const withdrawPlate = route({
  name: 'components.withdraw_plate', method: 'DELETE', path: '/api/plates/:plate', who: ['steward'],
  summary: 'Ends a plate; whoever scans it is told and can still report by place.',
  params: Type.Object({ plate: Type.String({ maxLength: 20 }) }), query: Type.Object({ county }, closed),
  response: Type.Object({ plate: Type.String() }),
});

export const readPlate = route({
  name: 'components.plate', method: 'GET', path: '/api/plates/:plate', who: 'anyone', perMinute: 60,
  summary: 'What a plate stands for.',
  params: Type.Object({ plate: Type.String({ maxLength: 40 }) }), query: Type.Object({ county }, closed),
  response: Type.Object({ plate: Type.String(), county: Type.String(), kind: Type.String(), target: Type.String(), component: nullable(ComponentPublic) }),
});

export const listSheets = route({
  name: 'components.sheets', method: 'GET', path: '/api/components/sheets', who: componentReaders,
  summary: 'Sheets that plates are printed on, the county\'s own first.',
  query: Type.Object({ county }, closed),
  response: Type.Object({ items: Type.Array(Type.Object({ key: Type.String(), name: Type.String(), perSheet: Type.Integer() })) }),
});

const chosen = {
  kind,
  /** Codes of components or places; or everything that the filter finds. */
  codes: Type.Optional(Type.Array(Type.String({ pattern: '^[0-9A-Za-z-]{1,24}$' }), { minItems: 1, maxItems: 1_000 })),
  filter: Type.Optional(Type.Object({
    class: Type.Optional(Type.String({ pattern: '^\\d{4,5}$' })), state: Type.Optional(Type.String({ maxLength: 20 })), place: Type.Optional(Type.String({ maxLength: 24 })),
    road: Type.Optional(Type.String({ maxLength: 40 })), q: Type.Optional(Type.String({ maxLength: 60 })), unit: Type.Optional(Type.String({ maxLength: 64 })),
  }, closed)),
  /** How many, of plates for nothing yet. */
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
};

export const makePlateBatch = route({
  name: 'components.make_batch', method: 'POST', path: '/api/plates/batches', who: ['steward'],
  summary: 'Makes a batch of plates for components, places, or for nothing yet; targets that have a plate are left out. With dryRun it is only counted. The same op happens once.',
  body: Type.Object({ county, op: uuid, name: Type.String({ minLength: 1, maxLength: 60 }), sheet: Type.String({ maxLength: 20 }), dryRun: Type.Optional(Type.Boolean()), ...chosen }, closed),
  response: Type.Object({
    /** Null in a dry run. */
    batch: nullable(Type.String()), sheet: nullable(Type.String()), chosen: Type.Integer(), fresh: Type.Integer(), have: Type.Integer(), paper: Type.Integer(),
  }),
});

export const listPlateBatches = route({
  name: 'components.batches', method: 'GET', path: '/api/plates/batches', who: componentReaders,
  summary: 'Batches of plates, newest first, with how many of each are in which state.',
  query: Type.Object({ county, after: Type.Optional(Type.String({ maxLength: 80 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }, closed),
  response: Type.Object({ items: Type.Array(PlateBatchView), next: nullable(Type.String()) }),
});

const plateFilter = {
  county, state: Type.Optional(state), kind: Type.Optional(kind), batch: Type.Optional(uuid), place: Type.Optional(Type.String({ maxLength: 24 })), q: Type.Optional(Type.String({ maxLength: 60 })),
};

export const listPlates = route({
  name: 'components.plates', method: 'GET', path: '/api/plates', who: componentReaders,
  summary: 'Plates by state, kind, batch, place, number or what they stand for, a page at a time.',
  query: Type.Object({ ...plateFilter, after: Type.Optional(Type.String({ maxLength: 20 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })) }, closed),
  response: Type.Object({ items: Type.Array(PlateItem), next: nullable(Type.String()) }),
});

export const exportPlates = route({
  name: 'components.export_plates', method: 'GET', path: '/api/plates/export', who: componentReaders, perMinute: 20,
  summary: 'The whole list of plates as a table, CSV or XLSX. Who exported what is traced.',
  query: Type.Object({ ...plateFilter, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed),
  response: Type.Unknown(), produces: 'application/octet-stream',
});

export const readPlateSteps = route({
  name: 'components.plate_steps', method: 'GET', path: '/api/plates/:plate/steps', who: componentReaders,
  summary: 'What became of a plate, in order: state, time, who, photo.',
  params: Type.Object({ plate }), query: Type.Object({ county }, closed),
  response: Type.Object({ items: Type.Array(Type.Object({ state, label: Type.String(), at: Type.String(), by: nullable(Type.String()), target: Type.String(), photo: nullable(Type.String()) })) }),
});

export const setPlates = route({
  name: 'components.set_plates', method: 'POST', path: '/api/plates/states', who: ['steward'],
  summary: 'Puts plates, or a whole batch, into a state. What may not go there stays and is named. `replaced` makes new plates for the same targets.',
  body: Type.Object({
    county, op: uuid, state, plates: Type.Optional(Type.Array(plate, { minItems: 1, maxItems: 500 })), batch: Type.Optional(uuid), photo: Type.Optional(photo),
  }, closed),
  response: Type.Object({
    done: Type.Integer(),
    refused: Type.Array(Type.Object({ plate: Type.String(), shown: Type.String(), words: Type.String() })),
    /** Address of the sheet of the plates that are new. */
    sheet: nullable(Type.String()),
  }),
});

export const attachPlate = route({
  name: 'components.attach_plate', method: 'POST', path: '/api/plates/:plate/attach', who: plateHangers, perMinute: 600,
  summary: 'Hangs a plate up at a component: one for nothing yet then stands for it, and a plate that the component had before is replaced. The same op happens once.',
  params: Type.Object({ plate }),
  body: Type.Object({
    county, op: uuid, code, photo: Type.Optional(photo),
    /** When it was done, where it could only be sent later. */
    done: Type.Optional(Type.Object({ at: Type.String({ maxLength: 30 }), corrected: Type.Optional(Type.Integer()) }, closed)),
  }, closed),
  response: Type.Object({ plate: Type.String(), shown: Type.String(), code: Type.String(), name: Type.String(), replaced: nullable(Type.String()) }),
});
