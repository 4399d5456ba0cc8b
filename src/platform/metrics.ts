import { Registry } from 'prom-client';

/** The Prometheus registry of this process; modules register their own series on it. */
export type Metrics = Registry;

export const createMetrics = (): Metrics => new Registry();
