import { useMemo } from 'react';
import { listUnits } from '../../modules/identity/contract.ts';
import { listMatters } from '../../modules/matters/contract.ts';
import { call } from '../shared/client.ts';
import { may, useSession } from '../shared/session.tsx';
import type { Sources } from '../ui/form-control.tsx';

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
    matter: async (typed: string, signal: AbortSignal) => {
      const { items } = await call(listMatters, { query: { box: 'all', limit: shown, ...(/^[\d\s-]{4,}$/.test(typed.trim()) && { number: typed.trim() }) }, signal });
      return items.map((item) => ({ id: item.id, name: `${item.number} ${item.title}`, note: item.stateLabel }));
    },
  }), [session]);
};
