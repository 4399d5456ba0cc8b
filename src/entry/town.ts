import type { Language } from '../base/language.ts';
import type { Command } from '../platform/command/command.ts';
import type { Mounted } from '../platform/http/handler.ts';
import type { Page } from '../platform/http/page.ts';
import type { ServerOptions } from '../platform/http/server.ts';
import type { HealthCheck } from '../platform/http/served/health.ts';
import type { World } from '../platform/world.ts';

/** Something that goes on in the background: the sequencer, clocks, deliveries, followers. */
export interface Work {
  readonly name: string;
  start(): void | Promise<void>;
  /** Lets what is under way come to its end; called once. */
  stop(): Promise<void>;
}

/** All modules on one world, as the processes need them. */
export interface Town {
  readonly world: World;
  readonly routes: readonly Mounted[];
  readonly pages: readonly Page[];
  /** Who asks, and how pages for people who are refused look. */
  readonly http: Pick<ServerOptions, 'authenticate' | 'errorPage' | 'language' | 'limits'>;
  /** What /readyz asks besides database and migrations. */
  readonly checks: Readonly<Record<string, HealthCheck>>;
  readonly works: readonly Work[];
  close(): Promise<void>;
}

/** Builds the modules on a world, from the lowest to the highest. */
export const openTown = async (world: World): Promise<Town> => ({
  world, routes: [], pages: [], http: { authenticate: async () => null }, checks: {}, works: [], close: async () => {},
});

/** What a demo is made with: the town is opened on a world of its own, with simulated time and foretellable ids. */
export interface DemoCall {
  readonly world: World;
  readonly openTown: typeof openTown;
  progress(line: string): void;
  readonly signal: AbortSignal;
}

/** A login that the start table shows. */
export interface DemoLogin {
  readonly account: string;
  /** What this person does there. */
  readonly role: Readonly<Record<Language, string>>;
  /** `/console/`, `/field/`. */
  readonly end: string;
}

export interface DemoTown {
  readonly password: string;
  readonly logins: readonly DemoLogin[];
  /** Fills an empty database. */
  seed(call: DemoCall): Promise<void>;
  /** Plays the time forward that passed since the town was last open. */
  catchUp(call: DemoCall): Promise<void>;
}

/** The demo town; null where a build has none. */
export const demoTown: DemoTown | null = null;

/** Commands of the modules; `open` opens the town when the first of them needs it. */
export const moduleCommands = (_open: () => Promise<Town>): readonly Command[] => [];
