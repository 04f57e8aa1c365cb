import { z } from 'zod';
import { type Fault, pathText } from '../fault.ts';
import { suggest } from '../suggest.ts';
import { canonicalAddress } from './address.ts';
import { isNodeName } from './mapping.ts';
import { differingMaxPaths, maxPathsOf } from './max-paths.ts';

/** The `bgp` values of the BIG-IP Controller's Helm chart; see F5's pages *Top of Rack BGP* and *BGP Overview*. */
export interface BgpValues {
  readonly asn: number;
  readonly hostname?: string;
  /** Undefined for Helm's `"null"`: unset. */
  readonly maxPathsEbgp?: number;
  readonly maxPathsIbgp?: number;
  readonly neighbors: readonly ConfiguredNeighbor[];
}

/** A peer of all TMMs (`ip`), or one for each node (`nodeLookup`). */
export interface ConfiguredNeighbor {
  readonly nodeLookup?: string;
  readonly ip?: string;
  readonly asn: number;
  readonly ebgpMultihop?: number;
  readonly acceptsIPv4: boolean;
  readonly acceptsIPv6: boolean;
  readonly softReconf: boolean;
  readonly fallover: boolean;
  /** The password itself is never kept. */
  readonly passwordSet: boolean;
  readonly routeMap?: string;
}

const AS_NUMBER = number(1, 4_294_967_295, 'An AS number is a whole number from 1 to 4294967295.');
const MAX_PATHS = z.preprocess(
  (value) => (value === 'null' || value === null ? undefined : value),
  number(1, 64, 'Give how many equal-cost paths to install, 1 to 64, or "null" for unset.').optional(),
);
const FLAG = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean({ error: 'Give true or false.' }),
);

const NEIGHBOR = z
  .looseObject({
    nodeLookup: z
      .string()
      .refine(isNodeName, { error: 'Give the name of a ConfigMap: lower case, digits, - and .' })
      .optional(),
    ip: z
      .string()
      .refine((text) => canonicalAddress(text) !== undefined, { error: 'Give one IP address.' })
      .optional(),
    asn: AS_NUMBER,
    ebgpMultihop: number(1, 255, 'Give the hops to the peer, 1 to 255.').optional(),
    acceptsIPv4: FLAG.default(false),
    acceptsIPv6: FLAG.default(false),
    softReconf: FLAG.default(false),
    fallover: FLAG.default(false),
    password: z.string().optional(),
    routeMap: z.string().optional(),
    maxPathsEbgp: MAX_PATHS,
    maxPathsIbgp: MAX_PATHS,
  })
  .refine(({ nodeLookup, ip }) => (nodeLookup === undefined) !== (ip === undefined), {
    error: 'Give either nodeLookup (peers by node) or ip (one peer for all TMMs).',
  });

/** The whole shape, also used for the policy's JSON Schema. */
const BGP_VALUES = z.looseObject({
  asn: AS_NUMBER,
  hostname: z.string().optional(),
  maxPathsEbgp: MAX_PATHS,
  maxPathsIbgp: MAX_PATHS,
  neighbors: z.array(NEIGHBOR).min(1, { error: 'Name at least one neighbor.' }),
  prefixList: z.unknown().optional(),
  routeMaps: z.unknown().optional(),
  // The bot compares none of these.
  logFile: z.unknown().optional(),
  debugs: z.unknown().optional(),
  secret: z.unknown().optional(),
});

const KNOWN = { bgp: Object.keys(BGP_VALUES.shape), neighbor: Object.keys(NEIGHBOR.shape) };

/** Reads pasted Helm values and reports every fault at once. Never returns a password. */
export function readBgpValues(input: unknown): BgpValues | readonly Fault[] {
  const parsed = BGP_VALUES.safeParse(input);
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => {
      return { path: pathText(path), problem: 'this is not what the Helm values allow', remedy: message };
    });
  }
  const values = parsed.data;
  const faults = [
    ...misspelt(values, KNOWN.bgp, ''),
    ...values.neighbors.flatMap((neighbor, at) => misspelt(neighbor, KNOWN.neighbor, `neighbors[${at}].`)),
    ...repeatedLookups(values.neighbors.map(({ nodeLookup }) => nodeLookup)),
    ...addressesInTwoAs(values.neighbors),
    ...differingMaxPaths(values, 'maxPathsEbgp'),
    ...differingMaxPaths(values, 'maxPathsIbgp'),
  ];
  if (faults.length > 0) return faults;
  return {
    asn: values.asn,
    ...present('hostname', values.hostname),
    ...present('maxPathsEbgp', maxPathsOf(values, 'maxPathsEbgp')),
    ...present('maxPathsIbgp', maxPathsOf(values, 'maxPathsIbgp')),
    neighbors: values.neighbors.map(neighborOf),
  };
}

/**
 * Keys of pasted values, such as `neighbors[0].gracefulRestart`, that the bot does not know: what they ask for is neither
 * compared nor shown.
 */
export function unknownBgpKeys(input: unknown): readonly string[] {
  const parsed = BGP_VALUES.safeParse(input);
  if (!parsed.success) return [];
  const unknown = (values: object, known: readonly string[], prefix: string): string[] =>
    Object.keys(values)
      .filter((key) => !known.includes(key))
      .map((key) => `${prefix}${key}`);
  return [
    ...unknown(parsed.data, KNOWN.bgp, ''),
    ...parsed.data.neighbors.flatMap((neighbor, at) =>
      unknown(neighbor, KNOWN.neighbor, `neighbors[${at}].`),
    ),
  ];
}

/** Faults for addresses that have more than one AS. */
function addressesInTwoAs(neighbors: readonly z.infer<typeof NEIGHBOR>[]): Fault[] {
  return neighbors.flatMap(({ ip, asn }, at) => {
    const address = canonicalAddress(ip ?? '');
    const first = neighbors.findIndex(
      (other) => address !== undefined && canonicalAddress(other.ip ?? '') === address,
    );
    const other = neighbors[first];
    return other === undefined || first === at || other.asn === asn
      ? []
      : [
          {
            path: `neighbors[${at}].ip`,
            problem: `${address} is AS ${other.asn} at neighbors[${first}] and AS ${asn} here`,
            remedy: 'A router has one AS: correct one of them.',
          },
        ];
  });
}

function neighborOf(neighbor: z.infer<typeof NEIGHBOR>): ConfiguredNeighbor {
  const { asn, acceptsIPv4, acceptsIPv6, softReconf, fallover, password } = neighbor;
  return {
    ...present('nodeLookup', neighbor.nodeLookup),
    ...present('ip', neighbor.ip),
    asn,
    ...present('ebgpMultihop', neighbor.ebgpMultihop),
    acceptsIPv4,
    acceptsIPv6,
    softReconf,
    fallover,
    passwordSet: password !== undefined && password !== '',
    ...present('routeMap', neighbor.routeMap),
  };
}

/** A key close to a known one is a typing error; other unknown keys belong to newer charts and give a warning. */
function misspelt(values: object, known: readonly string[], prefix: string): Fault[] {
  return Object.keys(values)
    .filter((key) => !known.includes(key))
    .flatMap((key) => {
      const meant = suggest(key, known);
      // A longer name is another parameter.
      return meant === undefined || key.startsWith(meant)
        ? []
        : [{ path: `${prefix}${key}`, problem: 'there is no such key', remedy: `Did you mean ${meant}?` }];
    });
}

function repeatedLookups(names: readonly (string | undefined)[]): Fault[] {
  return names.flatMap((name, at) =>
    name === undefined || names.indexOf(name) === at
      ? []
      : [
          {
            path: `neighbors[${at}].nodeLookup`,
            problem: `${name} is named by neighbors[${names.indexOf(name)}] already`,
            remedy:
              'A lookup belongs to one neighbor, since a BGP peer-group has one AS. Create one ConfigMap per AS.',
          },
        ],
  );
}

function present<Key extends string, Value>(key: Key, value: Value | undefined): { [Name in Key]?: Value } {
  const held: { [Name in Key]?: Value } = {};
  if (value !== undefined) held[key] = value;
  return held;
}

function number(least: number, most: number, error: string) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
    z.number({ error }).int({ error }).min(least, { error }).max(most, { error }),
  );
}
