import type { TimelineItem } from '../../modules/matters/contract.ts';
import type { Say, WebKey } from '../shared/language.tsx';

/** Who took a step: unit and name of staff; the system and residents, who have no name here, by what they are. */
export const actorWords = (say: Say<WebKey>, actor: TimelineItem['actor']): string =>
  actor.role === 'system' ? say('actor.system') : actor.role === 'resident' ? say('actor.resident') : [actor.unit, actor.name ?? actor.roleLabel].filter(Boolean).join(' · ');
