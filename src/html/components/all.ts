import { action } from './action.ts';
import { choice } from './choice.ts';
import type { Component } from './component.ts';
import { door } from './door.ts';
import { errors } from './errors.ts';
import { facts } from './facts.ts';
import { field } from './field.ts';
import { notice } from './notice.ts';
import { photo } from './photo.ts';
import { progress } from './progress.ts';
import { slippy } from './slippy.ts';
import { timeline } from './timeline.ts';

/** Every component, in the order of the stylesheet. */
export const components: readonly Component[] = [action, choice, door, errors, facts, field, notice, photo, progress, slippy, timeline];
