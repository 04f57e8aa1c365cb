import { parseAsn } from './asn.ts';
import { type BgpLine, bgpBlock } from './bgp-block.ts';
import { groupOf, type Member, memberOf, type PeerGroup } from './configured-peers.ts';
import { neighborStatements, stands } from './neighbor-statements.ts';
import { peerName } from './peer-name.ts';
import { refusalIn } from './refusal-in.ts';
import { type ScreenLine, screenLines } from './screen-lines.ts';

export type { Member, PeerGroup } from './configured-peers.ts';

/** The BGP part of a running-config, of the default VRF alone. */
export interface RunningConfig {
  /** Undefined when there is a configuration, but no BGP in it: then there are no members either. */
  readonly asn?: number;
  readonly routerId?: string;
  readonly maxPathsEbgp?: number;
  readonly maxPathsIbgp?: number;
  readonly defaultIpv4Unicast: boolean;
  readonly groups: ReadonlyMap<string, PeerGroup>;
  /** By canonical address (by interface for an unnumbered peer). */
  readonly members: ReadonlyMap<string, Member>;
  /** Whether the text goes on behind its BGP part; if not, it may have been cut, and lack members. */
  readonly complete: boolean;
}

export type RunningConfigReading =
  | ({ readonly readable: true } & RunningConfig)
  | { readonly readable: false; readonly why: string };

/**
 * Reads `show running-config` of ZebOS, OcNOS, Quagga and FRR. Passwords are noticed, never kept. A configuration
 * without BGP is readable, and not the same as a text that is no configuration.
 */
export function readRunningConfig(text: string): RunningConfigReading {
  const lines = screenLines(text);
  const block = bgpBlock(lines);
  if (block !== undefined)
    return { readable: true, asn: block.asn, ...readBlock(block.asn, block.lines), complete: block.complete };
  if (lines.some(isConfiguration)) {
    const complete = lines.findLast(({ words }) => words.length > 0)?.text === 'end';
    return { readable: true, defaultIpv4Unicast: true, groups: new Map(), members: new Map(), complete };
  }
  const empty = lines.every(({ words }) => words.length === 0);
  return {
    readable: false,
    why: refusalIn(lines) ?? (empty ? 'the output is empty' : 'the output is no configuration'),
  };
}

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
    if (stands(neighbor, 'peer-group') !== undefined || joined.has(name))
      groups.set(name, groupOf(name, neighbor, asn));
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
  const said = lines.filter(
    ({ words }) => words[0] === 'bgp' && words[1] === 'default' && words[2] === family,
  );
  return said.length === 0 ? otherwise : said.every(({ negated }) => !negated);
}

/** ZebOS: `max-paths ebgp N`; FRR: `maximum-paths N`, `maximum-paths ibgp N`. IPv4's stands for all. */
function maxPaths(lines: readonly BgpLine[], kind: 'ebgp' | 'ibgp'): number | undefined {
  for (const { words, negated, level } of lines.toSorted((a, b) => order(a) - order(b))) {
    const [word, first = '', second] = words;
    if (negated || level === 'other' || (word !== 'max-paths' && word !== 'maximum-paths')) continue;
    const paths = first === kind ? second : kind === 'ebgp' && /^\d+$/.test(first) ? first : undefined;
    // The range of an AS number holds that of a number of paths.
    if (paths !== undefined) return parseAsn(paths);
  }
  return undefined;
}

function order({ level }: BgpLine): number {
  return ['router', 'ipv4', 'ipv6', 'other'].indexOf(level);
}
