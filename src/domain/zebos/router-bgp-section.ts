import { parseAsn } from './printed-values.ts';
import { CONFIG_WORDS } from './redact.ts';
import type { ScreenLine } from './screen-lines.ts';

export type AfiKeyword = 'ipv4' | 'ipv6';

/** A line of the default VRF's BGP configuration. */
export interface BgpLine {
  /** Without a leading `no`. */
  readonly words: readonly string[];
  readonly negated: boolean;
  /** The address family around it: `other` unless IPv4 or IPv6 unicast, `router` outside any. */
  readonly level: AfiKeyword | 'other' | 'router';
}

export interface RouterBgpSection {
  readonly asn: number;
  readonly lines: readonly BgpLine[];
  /** Whether text after the block shows that it was not cut off. */
  readonly complete: boolean;
}

/** The `router bgp` block of the default VRF in a running-config; undefined when there is none. */
export function routerBgpSection(lines: readonly ScreenLine[]): RouterBgpSection | undefined {
  const found: BgpLine[] = [];
  let asn: number | undefined;
  let inside: 'default' | 'another' | undefined;
  let indent = 0;
  let level: BgpLine['level'] | 'vrf' = 'router';
  let block: NeighborBlock | undefined;
  let separated = true;
  for (const line of lines) {
    const [first = '', second = '', third = '', fourth, fifth] = line.words;
    if (first === '' && !line.prompted) continue;
    const wraps = !separated && inside !== undefined && beginsNothing(line, indent);
    separated = first.startsWith('!');
    if (separated || wraps) continue;
    if (block !== undefined && (line.indent <= block.indent || line.prompted)) block = undefined;
    if (block !== undefined) {
      if (inside === 'default') found.push(...block.read(line));
      continue;
    }
    if (first === 'router' && second === 'bgp') {
      const number = parseAsn(third);
      const isDefault =
        (fourth !== 'vrf' || fifth === 'default') &&
        fourth !== 'view' &&
        number !== undefined &&
        number === (asn ?? number);
      inside = isDefault ? 'default' : 'another';
      if (isDefault) asn = number;
      indent = line.indent;
      level = 'router';
      continue;
    }
    if (leaves(line, indent)) inside = undefined;
    else if (first === 'address-family') level = levelOf(line.words);
    else if (first === 'exit-address-family' || first === 'exit-af' || first === 'exit') level = 'router';
    else if (opensBlock(line.words)) {
      block = neighborBlock(second, line.indent, level);
      if (inside === 'default' && first === 'neighbor-group')
        found.push({ words: ['neighbor', second, 'peer-group'], negated: false, level: 'router' });
    } else if (inside === 'default' && level !== 'vrf') {
      const negated = first === 'no';
      found.push({ words: negated ? line.words.slice(1) : line.words, negated, level });
    }
  }
  return asn === undefined ? undefined : { asn, lines: found, complete: inside !== 'default' };
}

/** A neighbor, or a group of neighbors, with its indented statements below: `neighbor-group RACK`, `neighbor 10.0.0.1`. */
interface NeighborBlock {
  readonly indent: number;
  /** A line of the block, rewritten to the form that names its neighbor. */
  read(line: ScreenLine): readonly BgpLine[];
}

function opensBlock([first, name, ...more]: readonly string[]): boolean {
  return (first === 'neighbor' || first === 'neighbor-group') && name !== undefined && more.length === 0;
}

function neighborBlock(name: string, indent: number, around: BgpLine['level'] | 'vrf'): NeighborBlock {
  let level: BgpLine['level'] | 'vrf' = around;
  let familyIndent = Number.POSITIVE_INFINITY;
  return {
    indent,
    read({ words, indent: at }) {
      if (at <= familyIndent) level = around;
      const [first, second, third] = words;
      if (first === undefined || first.startsWith('exit')) return [];
      const say = (said: readonly string[], negated = false): BgpLine[] =>
        level === 'vrf' ? [] : [{ words: ['neighbor', name, ...said], negated, level }];
      if (first === 'address-family') {
        familyIndent = at;
        level = levelOf(words);
        return say(['activate']);
      }
      if (first === 'use' && third !== undefined) return say(['peer-group', third]);
      return first === 'no' && second !== undefined ? say(words.slice(1), true) : say(words);
    },
  };
}

/** Whether a line without indentation is the rest of the previous one, such as of a description that a terminal wrapped. */
function beginsNothing({ words, indent, prompted }: ScreenLine, routerIndent: number): boolean {
  const [first = ''] = words;
  return !prompted && indent <= routerIndent && !CONFIG_WORDS.has(first) && !BGP_WORDS.has(first);
}

/** Whether a line ends the block. Its lines are indented; without the indentation, their first words decide. */
function leaves({ words, indent, prompted }: ScreenLine, routerIndent: number): boolean {
  const [first = '', second = ''] = words;
  if (prompted || first === 'router' || first === 'end') return true;
  return indent <= routerIndent && !BGP_WORDS.has(first === 'no' ? second : first);
}

function levelOf([, family, kind]: readonly string[]): BgpLine['level'] | 'vrf' {
  if (kind === 'vrf') return 'vrf';
  const unicast = kind === undefined || kind === 'unicast';
  return (family === 'ipv4' || family === 'ipv6') && unicast ? family : 'other';
}

const BGP_WORDS: ReadonlySet<string> = new Set(
  `bgp neighbor neighbor-group address-family exit-address-family exit-af redistribute network aggregate-address max-paths
  maximum-paths timers distance synchronization auto-summary`.split(/\s+/),
);

/** The statements of a configuration about one `neighbor X`; see `statementOf`. */
export interface NeighborStatements {
  /** Statement → its arguments. */
  readonly said: ReadonlyMap<string, readonly string[]>;
  /** Statements with `no`. */
  readonly denied: ReadonlySet<string>;
  readonly levels: ReadonlySet<BgpLine['level']>;
}

/** The arguments of a statement in force. A `no` wins, whether before or after it. */
export function stands(
  neighbor: NeighborStatements | undefined,
  statement: string,
): readonly string[] | undefined {
  return neighbor?.denied.has(statement) === true ? undefined : neighbor?.said.get(statement);
}

/** All `neighbor X …` lines, by X as written; `key` gives equivalent names one spelling. */
export function neighborStatements(
  lines: readonly BgpLine[],
  key: (name: string) => string,
): ReadonlyMap<string, NeighborStatements> {
  const neighbors = new Map<
    string,
    { said: Map<string, readonly string[]>; denied: Set<string>; levels: Set<BgpLine['level']> }
  >();
  for (const { words, negated, level } of lines) {
    const [neighbor, name, word, ...args] = words;
    if (neighbor !== 'neighbor' || name === undefined || word === undefined) continue;
    const held = neighbors.get(key(name)) ?? { said: new Map(), denied: new Set(), levels: new Set() };
    neighbors.set(key(name), held);
    const statement = statementOf(word, args, level);
    if (negated) {
      held.denied.add(statement);
      continue;
    }
    held.said.set(statement, args);
    held.levels.add(level);
    for (const [inner, ...behind] of interfaceStatements(word, args)) held.said.set(inner, behind);
  }
  return neighbors;
}

/** Statements whose second argument is `in` or `out`. */
const DIRECTED: ReadonlySet<string> = new Set(['route-map', 'prefix-list', 'distribute-list', 'filter-list']);

/**
 * `activate ipv4`, `route-map in`, `bfd`, else the word itself; a group's own definition is `peer-group`, membership `member`.
 */
function statementOf(word: string, args: readonly string[], level: BgpLine['level']): string {
  const [first, second] = args;
  if (word === 'activate') return `activate ${level === 'router' ? 'ipv4' : level}`;
  if (DIRECTED.has(word)) return `${word} ${second ?? ''}`;
  if (word === 'soft-reconfiguration') return `soft-reconfiguration ${first ?? ''}`;
  if (word === 'peer-group') return first === undefined ? 'peer-group' : 'member';
  if (word === 'fall-over' || word === 'fallover') return first ?? word;
  return word;
}

/** FRR's `neighbor eth0 interface [v6only] [peer-group G] [remote-as N]` combines several statements. */
function interfaceStatements(word: string, args: readonly string[]): [string, ...string[]][] {
  if (word !== 'interface') return [];
  return args.flatMap((arg, index): [string, ...string[]][] => {
    const value = args[index + 1];
    if (value === undefined) return [];
    return arg === 'peer-group' ? [['member', value]] : arg === 'remote-as' ? [['remote-as', value]] : [];
  });
}
