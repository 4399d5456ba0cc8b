import type { Cameras } from '../modules/cameras/index.ts';
import type { CaseNeeds, Cases } from '../modules/cases/index.ts';

/** The modules that a demo is made through, by their front doors. */
export interface DemoModules extends CaseNeeds {
  readonly cases: Cases;
  readonly cameras: Cameras;
  refresh(): Promise<void>;
}
