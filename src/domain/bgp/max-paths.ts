import type { Fault } from '../fault.ts';

type MaxPaths = 'maxPathsEbgp' | 'maxPathsIbgp';
/** The part of the Helm values with the number of paths: for the router, or for each neighbor. */
interface WithMaxPaths extends Numbers {
  readonly neighbors: readonly Numbers[];
}
type Numbers = { readonly [Key in MaxPaths]?: number | undefined };

const DEFAULT_MAX_PATHS = 2;

/** Number of equal-cost paths that the TMM pods install; undefined for unset. */
export function maxPathsOf(values: WithMaxPaths, key: MaxPaths): number | undefined {
  const [first] = maxPathsIn(values, key);
  return first === undefined ? DEFAULT_MAX_PATHS : first.value;
}

/** Faults for different values: the router of a TMM has one number of paths for all its peers. */
export function differingMaxPaths(values: WithMaxPaths, key: MaxPaths): Fault[] {
  const [first, ...others] = maxPathsIn(values, key);
  return others.flatMap(({ path, value }) =>
    first === undefined || value === first.value
      ? []
      : [
          {
            path,
            problem: `it is ${value ?? '"null"'} here and ${first.value ?? '"null"'} at ${first.path}`,
            remedy: `Give ${key} once, under bgp: the TMM pods have one number for all peers.`,
          },
        ],
  );
}

/**
 * F5's SPK documentation has the key under `bgp`, the CNF one under each neighbor. Every place that has it, with its value;
 * undefined for `"null"`.
 */
function maxPathsIn(
  values: WithMaxPaths,
  key: MaxPaths,
): readonly { readonly path: string; readonly value: number | undefined }[] {
  return [
    ...(key in values ? [{ path: key, value: values[key] }] : []),
    ...values.neighbors.flatMap((neighbor, at) =>
      key in neighbor ? [{ path: `neighbors[${at}].${key}`, value: neighbor[key] }] : [],
    ),
  ];
}
