import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Actor } from '../../../base/actor.ts';
import type { Language } from '../../../base/text/language.ts';
import { refuse, type Refusal } from '../../../base/result.ts';
import type { Matter, Workflow } from '../rules/workflow.ts';

/** What a kind's `facts` is asked for: one action on one matter, before it is decided. */
export interface Ask {
  readonly county: string;
  readonly action: string;
  readonly input: never;
  /** Null for the action that makes the matter. */
  readonly matter: Matter | null;
  readonly actor: Actor;
  readonly now: number;
}

/** A kind of matter: its declaration, and what it needs from the modules that stand under it. */
export interface Kind {
  readonly workflow: Workflow;
  /** Looks up what the rules need: rows of tables, people on duty. A refusal here is a refusal of the action. */
  facts?(ask: Ask): Promise<Readonly<Record<string, unknown>> | Refusal>;
  /** Ids of further matters that the action touches. They are read, locked and versioned together with the first. */
  others?(action: string, input: never): readonly string[];
  /** Other matters that it stands to in some way, for its page; the way's words are `{kind}.relation.{relation}`. */
  related?(matter: Matter): readonly { readonly relation: string; readonly id: string }[];
  /** Names for the codes that the facets hold, and what explains the matter, for its page. */
  explain?(matter: Matter, language: Language): Promise<readonly { readonly key: string; readonly label: string; readonly words: string }[]>;
}

interface Known {
  readonly kind: Kind;
  readonly checks: ReadonlyMap<string, (input: unknown) => Refusal | undefined>;
}

/** All kinds that this server knows. */
export class Kinds {
  readonly #known = new Map<string, Known>();

  register(kind: Kind): void {
    const { workflow } = kind;
    if (this.#known.has(workflow.kind)) throw new Error(`kind ${workflow.kind} is registered twice`);
    this.#known.set(workflow.kind, {
      kind,
      checks: new Map(Object.entries(workflow.actions).map(([name, { input }]) => [name, checker(input)])),
    });
  }

  find(kind: string): Kind | undefined {
    return this.#known.get(kind)?.kind;
  }

  get(kind: string): Kind {
    const known = this.find(kind);
    if (!known) throw new Error(`kind ${kind} is not registered`);
    return known;
  }

  all(): readonly Kind[] {
    return [...this.#known.values()].map(({ kind }) => kind);
  }

  /** A 422 that names every member of the input that is wrong; undefined where it is right. */
  check(kind: string, action: string, input: unknown): Refusal | undefined {
    const known = this.#known.get(kind);
    if (!known) return refuse(422, 'matters.no-such-kind', { kind });
    const check = known.checks.get(action);
    return check ? check(input) : refuse(422, 'matters.no-such-action', { action });
  }
}

const checker = (schema: TSchema): ((input: unknown) => Refusal | undefined) => {
  const compiled = Compile(schema);
  return (input) => {
    if (compiled.Check(input)) return undefined;
    const errors = compiled.Errors(input).slice(0, 20).map((error) => ({
      path: `/input${error.instancePath}`, reason: `schema.${error.keyword}`, params: { rule: error.message },
    }));
    return refuse(422, 'matters.input-invalid', {}, errors);
  };
};
