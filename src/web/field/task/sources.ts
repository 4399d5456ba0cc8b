import { useMemo } from 'react';
import type { Sources } from '../../ui/forms/form-control.tsx';
import { searchIn } from '../area/nearby.ts';
import type { Along } from '../phone/along.ts';

/** Rows that a picker shows at once. */
const shown = 30;

/** Where the pickers of forms look their choices up on a phone: in what was taken along. */
export const useFieldSources = ({ table, components }: Along): Sources => useMemo(() => {
  const search = table ? searchIn(table) : null;
  return {
    ...(search && { code: async (typed: string) => search(typed.trim()).slice(0, shown).map((row) => ({ id: row.key, name: `${row.majorName} / ${row.minorName}`, note: [row.code, row.openCondition, row.limitText].filter(Boolean).join(' · ') })) }),
    ...(components && { component: async (typed: string) => components.filter(({ name, code, className }) => `${name} ${code} ${className}`.includes(typed.trim())).slice(0, shown).map(({ code, name, className }) => ({ id: code, name, note: `${className} · ${code}` })) }),
  };
}, [table, components]);
