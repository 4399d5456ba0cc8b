import { useMemo } from 'react';
import { listComponents } from '../../modules/components/contract/components.ts';
import { listUnits } from '../../modules/identity/contract.ts';
import { listRows } from '../../modules/catalogue/contract.ts';
import { readLoad } from '../../modules/cases/contract/load.ts';
import { listReplies } from '../../modules/cases/contract/routes.ts';
import { search } from '../../modules/finding/contract.ts';
import { searchPlaces } from '../../modules/places/contract.ts';
import { listMatters } from '../../modules/matters/contract.ts';
import { call } from '../shared/client.ts';
import { may, useSession } from '../shared/session.tsx';
import type { Sources } from '../ui/forms/form-control.tsx';

/** Rows that a picker shows at once. */
const shown = 30;

/** Where the pickers of forms look their choices up, as far as this session may. */
export const useSources = (): Sources => {
  const { session } = useSession();
  return useMemo(() => ({
    ...(may(session, listUnits) && {
      unit: async (typed: string, signal: AbortSignal) => {
        const { items } = await call(listUnits, { query: { limit: 100 }, signal });
        const words = typed.trim().toLowerCase();
        return items.filter((unit) => !unit.closed && (unit.name.toLowerCase().includes(words) || unit.id.includes(words))).slice(0, shown).map((unit) => ({ id: unit.id, name: unit.name }));
      },
    }),
    code: async (typed: string, signal: AbortSignal) => {
      const words = typed.trim();
      const { items } = await call(listRows, { query: { limit: shown, ...(words && { q: words }) }, signal });
      return items.map((row) => ({ id: row.key, name: `${row.majorName} / ${row.minorName}`, note: [row.code, row.openCondition, row.limitText].filter(Boolean).join(' · ') }));
    },
    place: async (typed: string, signal: AbortSignal) => {
      const words = typed.trim();
      if (!words) return [];
      const { places } = await call(searchPlaces, { query: { q: words }, signal });
      return places.slice(0, shown).map((place) => ({ id: place.code, name: place.name, note: place.chain.join(' · ') }));
    },
    ...(may(session, listComponents) && {
      component: async (typed: string, signal: AbortSignal) => {
        const words = typed.trim();
        const { items } = await call(listComponents, { query: { limit: shown, ...(words && { q: words }) }, signal });
        return items.map((each) => ({ id: each.code, name: each.name, note: [each.className, each.code, each.place?.names.at(-1)].filter(Boolean).join(' · ') }));
      },
    }),
    ...(session.permissions.includes('load.read') && {
      account: async (typed: string, signal: AbortSignal) => {
        const { officers } = await call(readLoad, { signal });
        const words = typed.trim();
        return officers.filter(({ name, unit }) => name.includes(words) || unit?.includes(words)).slice(0, shown).map(({ id, name, unit, open }) => ({ id, name, note: [unit, String(open)].filter(Boolean).join(' · ') }));
      },
    }),
    reply: async (typed: string, signal: AbortSignal) => {
      const { items } = await call(listReplies, { signal });
      const words = typed.trim();
      return items.filter((reply) => reply.name.includes(words) || reply.text.includes(words)).map((reply) => ({ id: reply.key, name: reply.name, note: reply.text }));
    },
    matter: async (typed: string, signal: AbortSignal) => {
      const words = typed.trim();
      // Words and numbers alike are found as the search box finds them; with nothing typed the newest stand there.
      const items = words ? (await call(search, { query: { q: words, kind: 'case', limit: shown }, signal })).items.map(({ matter }) => matter) : (await call(listMatters, { query: { box: 'all', order: 'new', limit: shown }, signal })).items;
      return items.map((item) => ({ id: item.id, name: `${item.number} ${item.title}`, note: item.stateLabel }));
    },
  }), [session]);
};
