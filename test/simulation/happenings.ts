import { CLUSTER_EVENTS } from './cluster-events.ts';
import { EFFECT_EVENTS } from './effect-trouble.ts';
import { PEOPLE_ACTS } from './people-acts.ts';
import { PEOPLE_EVENTS } from './people-events.ts';
import { PROCESS_EVENTS } from './process-events.ts';
import type { Simulation } from './simulation.ts';

export const HAPPENINGS = [
  ...PEOPLE_ACTS,
  ...PEOPLE_EVENTS,
  ...CLUSTER_EVENTS,
  ...EFFECT_EVENTS,
  ...PROCESS_EVENTS,
];

/** One thing happens, out of those that this run allows. */
export function happenOnce(sim: Simulation): void {
  const { prng, trace, setting } = sim;
  const allowed = HAPPENINGS.filter(
    ({ name }) => PEOPLE_ACTS.some((one) => one.name === name) || setting.allows(name),
  );
  for (let tried = 0; tried < 5; tried += 1) {
    const chosen = prng.weighted(allowed);
    if (chosen === undefined) return;
    trace.note('', () => `~ ${chosen.name}`);
    if (!chosen.happens(sim)) continue;
    trace.count('event', chosen.name);
    return;
  }
}
