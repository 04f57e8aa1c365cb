import { parseAsn, peerName } from './printed-values.ts';
import {
  type AfiKeyword,
  type BgpLine,
  type NeighborStatements,
  neighborStatements,
  routerBgpSection,
  stands,
} from './router-bgp-section.ts';
import { type ScreenLine, screenLines, whyUnreadable } from './screen-lines.ts';

/** The BGP part of a running-config, of the default VRF alone. */
export interface RunningConfig {
  /** Undefined for a configuration without BGP: then there are no members either. */
  readonly asn?: number;
  readonly routerId?: string;
  readonly maxPathsEbgp?: number;
  readonly maxPathsIbgp?: number;
  readonly defaultIpv4Unicast: boolean;
  readonly groups: ReadonlyMap<string, PeerGroup>;
  /** By canonical address (by interface for an unnumbered peer). */
  readonly members: ReadonlyMap<string, Member>;
  /** Whether the text continues after its BGP part; if not, it may have been cut off and lack members. */
  readonly complete: boolean;
  /** Whether the text says that it is from FRR, some of whose commands differ. */
  readonly isFrr?: boolean;
}

export type RunningConfigReading =
  | ({ readonly readable: true } & RunningConfig)
  | { readonly readable: false; readonly why: string };

/**
 * Reads `show running-config` of ZebOS, OcNOS, Quagga and FRR. Passwords are detected, never kept. A configuration without BGP is
 * readable, unlike a text that is not a configuration.
 */
export function readRunningConfig(text: string): RunningConfigReading {
  const lines = screenLines(text);
  const block = routerBgpSection(lines);
  const isFrr = lines.some(({ words: [first, second] }) => first === 'frr' && FRR_WORDS.has(second ?? ''));
  if (block !== undefined) {
    const read = readBlock(block.asn, block.lines);
    return { readable: true, asn: block.asn, ...read, complete: block.complete, ...(isFrr && { isFrr }) };
  }
  const says = (form: RegExp): boolean => lines.some((line) => form.test(line.text));
  if (says(PEER) && !says(OTHER_INSTANCE))
    return { readable: false, why: 'BGP neighbors are listed, but no line “router bgp AS” can be read' };
  if (lines.some(isConfiguration)) {
    const complete = lines.findLast(({ words }) => words.length > 0)?.text === 'end';
    return { readable: true, defaultIpv4Unicast: true, groups: new Map(), members: new Map(), complete };
  }
  return { readable: false, why: whyUnreadable(lines, 'the output is not a configuration') };
}

const FRR_WORDS: ReadonlySet<string> = new Set(['version', 'defaults']);

const PEER = /^neighbor \S+ (?:remote-as|peer-group)\b/i;
const OTHER_INSTANCE = /^router bgp \S+ (?:vrf|view) /;

function isConfiguration({ text, words: [first, second] }: ScreenLine): boolean {
  if (text === '!' || text === 'end' || text === 'Current configuration:') return true;
  return (
    (first === 'hostname' || first === 'interface' || first === 'router' || first === 'line') &&
    second !== undefined
  );
}

function readBlock(asn: number, lines: readonly BgpLine[]): Omit<RunningConfig, 'asn' | 'complete'> {
  const neighbors = neighborStatements(lines, (name) => peerName(name) ?? name);
  const joined = new Set(
    [...neighbors.values()].flatMap((neighbor) => stands(neighbor, 'member')?.[0] ?? []),
  );
  const defaults = {
    ipv4: saysDefault(lines, 'ipv4-unicast', true),
    ipv6: saysDefault(lines, 'ipv6-unicast', false),
  };
  const groups = new Map<string, PeerGroup>();
  const members = new Map<string, Member>();
  for (const [name, neighbor] of neighbors) {
    if (neighbor.said.size === 0) continue;
    // Of a membership that wraps, `neighbor 10.0.0.1 peer-group` may be left: an address names no group.
    const isGroup = stands(neighbor, 'peer-group') !== undefined && peerName(name) === undefined;
    if (isGroup || joined.has(name)) groups.set(name, groupOf(name, neighbor, asn));
    else if (peerName(name) !== undefined || stands(neighbor, 'interface') !== undefined) {
      const group = neighbors.get(stands(neighbor, 'member')?.[0] ?? '');
      members.set(name, memberOf(name, neighbor, group, defaults, asn));
    }
  }
  const routerId = lines.find(
    ({ words, negated }) => !negated && words[0] === 'bgp' && words[1] === 'router-id',
  )?.words[2];
  const ebgp = maxPaths(lines, 'ebgp');
  const ibgp = maxPaths(lines, 'ibgp');
  return {
    ...(routerId !== undefined && { routerId }),
    ...(ebgp !== undefined && { maxPathsEbgp: ebgp }),
    ...(ibgp !== undefined && { maxPathsIbgp: ibgp }),
    defaultIpv4Unicast: defaults.ipv4,
    groups,
    members,
  };
}

function saysDefault(lines: readonly BgpLine[], family: string, otherwise: boolean): boolean {
  const said = lines.filter(({ words }) => words.join(' ') === `bgp default ${family}`);
  return said.length === 0 ? otherwise : said.every(({ negated }) => !negated);
}

/** ZebOS: `max-paths ebgp N`; FRR: `maximum-paths N`, `maximum-paths ibgp N`. The value of IPv4 is used. */
function maxPaths(lines: readonly BgpLine[], kind: 'ebgp' | 'ibgp'): number | undefined {
  for (const { words, negated, level } of lines.toSorted((a, b) => order(a) - order(b))) {
    const [word, first = '', second] = words;
    if (negated || level === 'other' || (word !== 'max-paths' && word !== 'maximum-paths')) continue;
    const paths = first === kind ? second : kind === 'ebgp' && /^\d+$/.test(first) ? first : undefined;
    // The range of an AS number includes that of a number of paths.
    if (paths !== undefined) return parseAsn(paths);
  }
  return undefined;
}

function order({ level }: BgpLine): number {
  return ['router', 'ipv4', 'ipv6', 'other'].indexOf(level);
}

/** The settings of a group or a member. */
export interface PeerSettings {
  readonly remoteAs?: number;
  /** FRR: any AS but its own, or any at all. `internal` is its own AS, which is then in `remoteAs`. */
  readonly anyRemoteAs?: 'external' | 'auto';
  /** Hops; undefined for a peer that must be adjacent. */
  readonly ebgpMultihop?: number;
  readonly softReconfInbound: boolean;
  /** The password itself is never read. */
  readonly passwordSet: boolean;
  readonly bfd: boolean;
  readonly shutdown: boolean;
  readonly activated: { readonly ipv4: boolean; readonly ipv6: boolean };
  readonly routeMapIn?: string;
  readonly routeMapOut?: string;
  readonly prefixListIn?: string;
  readonly prefixListOut?: string;
  /** An interface or an address of this router. */
  readonly updateSource?: string;
}

export interface PeerGroup extends PeerSettings {
  readonly name: string;
}

/** A configured peer, including what it inherits from its group. */
export interface Member extends PeerSettings {
  /** Canonical, or the interface of an unnumbered peer. */
  readonly address: string;
  readonly group?: string;
}

function groupOf(name: string, statements: NeighborStatements, ownAs: number): PeerGroup {
  const activated = {
    ipv4: activates(statements, 'ipv4') === true,
    ipv6: activates(statements, 'ipv6') === true,
  };
  return { name, ...settingsOf([statements], ownAs), activated };
}

function memberOf(
  address: string,
  statements: NeighborStatements,
  group: NeighborStatements | undefined,
  defaults: Readonly<Record<AfiKeyword, boolean>>,
  ownAs: number,
): Member {
  const activated = (family: AfiKeyword): boolean => {
    const own = activates(statements, family);
    if (own !== undefined) return own;
    // A member that is named in one address family only is not active in another.
    const takesPart = statements.levels.has('router') || statements.levels.has(family);
    return takesPart && (activates(group, family) ?? defaults[family]);
  };
  const name = stands(statements, 'member')?.[0];
  return {
    address,
    ...(name !== undefined && { group: name }),
    ...settingsOf([statements, group], ownAs),
    activated: { ipv4: activated('ipv4'), ipv6: activated('ipv6') },
  };
}

function activates(neighbor: NeighborStatements | undefined, family: AfiKeyword): boolean | undefined {
  if (neighbor?.denied.has(`activate ${family}`) === true) return false;
  return neighbor?.said.has(`activate ${family}`) === true ? true : undefined;
}

/** The nearest setting counts: the member's own, else its group's. */
function settingsOf(
  nearestFirst: readonly (NeighborStatements | undefined)[],
  ownAs: number,
): Omit<PeerSettings, 'activated'> {
  const find = (statement: string): readonly string[] | undefined => {
    const speaker = nearestFirst.find(
      (one) => one?.denied.has(statement) === true || one?.said.has(statement) === true,
    );
    return stands(speaker, statement);
  };
  const [asText] = find('remote-as') ?? [];
  const remoteAs = asText === 'internal' ? ownAs : parseAsn(asText ?? '');
  const multihop = find('ebgp-multihop');
  const policies = {
    routeMapIn: find('route-map in')?.[0],
    routeMapOut: find('route-map out')?.[0],
    prefixListIn: find('prefix-list in')?.[0],
    prefixListOut: find('prefix-list out')?.[0],
    updateSource: find('update-source')?.[0],
  };
  return {
    ...(remoteAs !== undefined && { remoteAs }),
    ...((asText === 'external' || asText === 'auto') && { anyRemoteAs: asText }),
    ...(multihop !== undefined && { ebgpMultihop: hops(multihop[0]) }),
    softReconfInbound: find('soft-reconfiguration inbound') !== undefined,
    passwordSet: PASSWORDS.some((statement) => find(statement) !== undefined),
    bfd: find('bfd') !== undefined,
    shutdown: find('shutdown') !== undefined,
    ...said(policies),
  };
}

const PASSWORDS = ['password', 'authentication-key', 'tcp-md5', 'tcp-ao'];

/** Drops the keys without a value. */
function said<Name extends string>(
  values: Readonly<Record<Name, string | undefined>>,
): { readonly [One in Name]?: string } {
  const held: { [One in Name]?: string } = {};
  for (const name in values) {
    const value = values[name];
    if (value !== undefined) held[name] = value;
  }
  return held;
}

/** 1..255; routers use 255 when no number is given. */
function hops(text: string | undefined): number {
  const count = /^\d{1,3}$/.test(text ?? '') ? Number(text) : MAX_HOPS;
  return Math.min(Math.max(count, 1), MAX_HOPS);
}

const MAX_HOPS = 255;
