import type { Difference, Plan } from '../../../src/domain/change/plan.ts';
import { aClock, aRack, type DrivenClock, type Rack } from './a-rack.ts';
import { aWorker, type Worker } from './a-worker.ts';

/** A rack with a clock of its own, and whoever carries out changes on it. */
export interface Site {
  readonly clock: DrivenClock;
  readonly rack: Rack;
  /** A worker with one approved change of this plan. */
  worker(plan: Partial<Plan>): Worker;
  /** What the rack was asked that looks like this, in order. */
  calls(pattern: RegExp): readonly string[];
}

/** `mapping` has the peers of each node; `nodes` names the node of each TMM pod, one on each unless given. */
export function aSite(
  mapping: Readonly<Record<string, string>> = { worker1: '10.20.1.1', worker2: '10.20.2.1' },
  nodes?: readonly string[],
): Site {
  const clock = aClock();
  const rack = aRack(clock, mapping, nodes);
  return {
    clock,
    rack,
    worker: (plan) => aWorker(clock, rack, plan),
    calls: (pattern) => rack.calls.filter((call) => pattern.test(call)),
  };
}

/** So many nodes, each with one router: worker1 with 10.20.1.1, and so on. */
export function manyNodes(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`worker${index + 1}`, `10.20.${index + 1}.1`]),
  );
}

/** Gives a node another router in place of its own. */
export function rotation(node: string, before: string, after: string | null): Difference {
  return { lookup: 'tor', asn: 3535, node, createsLookup: false, before, after };
}

export const ROTATE = rotation('worker1', '10.20.1.1', '10.20.1.9');
export const ROTATE_2 = rotation('worker2', '10.20.2.1', '10.20.2.9');

/** Restarts these pods, `tmm-1` on worker1 and so on. */
export function restart(...names: readonly string[]): Pick<Plan, 'restarts'> {
  return {
    restarts: names.map((name) => ({
      node: name.replace('tmm-', 'worker'),
      pods: [{ name, uid: name }],
    })),
  };
}

/** What the card said while it waited, in order. */
export function progressOf({ records }: Worker): readonly string[] {
  return records.filter(({ event }) => event === 'change.progress').map(({ data }) => String(data.progress));
}
