import type { Observation } from './detect.ts';

/** A finding of the drift monitor, and over how many checks in a row it was there or absent. */
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
  /** Announced earlier, and over now. */
  readonly resolved: readonly Observation[];
}

const STABLE_CHECKS = 2;

/** Announces only what two checks in a row agree on, so that a session that flaps between checks is no news. */
export function debounce(earlier: DebouncedFindings, observations: readonly Observation[]): Debounced {
  const present = new Map(observations.map((observation) => [observation.key, observation]));
  const keys = new Set([...Object.keys(earlier), ...present.keys()]);
  const findings: Record<string, DebouncedFinding> = {};
  const detected: Observation[] = [];
  const resolved: Observation[] = [];
  for (const key of keys) {
    const finding = afterCheck(earlier[key], present.get(key));
    if (finding === undefined) continue;
    const announced = finding.announced || finding.presentCount >= STABLE_CHECKS;
    if (announced && !finding.announced) detected.push(finding.observation);
    if (finding.absentCount >= STABLE_CHECKS) {
      if (announced) resolved.push(finding.observation);
      continue;
    }
    findings[key] = { ...finding, announced };
  }
  return { findings, detected, resolved };
}

function afterCheck(
  earlier: DebouncedFinding | undefined,
  observation: Observation | undefined,
): DebouncedFinding | undefined {
  if (observation !== undefined) {
    const presentCount = (earlier?.presentCount ?? 0) + 1;
    return { observation, presentCount, absentCount: 0, announced: earlier?.announced ?? false };
  }
  if (earlier === undefined) return undefined;
  return { ...earlier, presentCount: 0, absentCount: earlier.absentCount + 1 };
}
