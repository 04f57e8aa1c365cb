import type { Observation } from './detect.ts';

/** A finding of the drift monitor, and for how many consecutive checks it was present or absent. */
export interface DebouncedFinding {
  readonly observation: Observation;
  /** Checks in a row that found it; 0 while it is absent. */
  readonly presentCount: number;
  /** Checks in a row that did not find it. */
  readonly absentCount: number;
  /** Whether it was announced. */
  readonly announced: boolean;
}

/** By the key of the observation. */
export type DebouncedFindings = Readonly<Record<string, DebouncedFinding>>;

export interface Debounced {
  readonly findings: DebouncedFindings;
  /** To be announced now, once. */
  readonly detected: readonly Observation[];
  /** Announced earlier, and now resolved. */
  readonly resolved: readonly Observation[];
}

const STABLE_CHECKS = 2;

/** Announces only what two consecutive checks agree on, so that a session that flaps between checks is not announced. */
export function debounce(earlier: DebouncedFindings, observations: readonly Observation[]): Debounced {
  const findings: Record<string, DebouncedFinding> = {};
  const detected: Observation[] = [];
  const resolved: Observation[] = [];
  for (const finding of afterCheck(earlier, observations)) {
    const announced = finding.announced || finding.presentCount >= STABLE_CHECKS;
    if (announced && !finding.announced) detected.push(finding.observation);
    if (finding.absentCount < STABLE_CHECKS) findings[finding.observation.key] = { ...finding, announced };
    else if (announced) resolved.push(finding.observation);
  }
  return { findings, detected, resolved };
}

function afterCheck(
  earlier: DebouncedFindings,
  observations: readonly Observation[],
): readonly DebouncedFinding[] {
  const present = new Map(observations.map((observation) => [observation.key, observation]));
  const absent = Object.values(earlier).filter(({ observation: { key } }) => !present.has(key));
  return [
    ...absent.map((finding) => ({ ...finding, presentCount: 0, absentCount: finding.absentCount + 1 })),
    ...[...present.values()].map((observation) => {
      const { presentCount = 0, announced = false } = earlier[observation.key] ?? {};
      return { observation, presentCount: presentCount + 1, absentCount: 0, announced };
    }),
  ];
}
