import type { BgpLine } from './bgp-block.ts';

/** What a configuration says of one `neighbor X`, by statement; see `statementOf`. */
export interface NeighborStatements {
  /** Statement → its arguments. */
  readonly said: ReadonlyMap<string, readonly string[]>;
  /** Statements with `no`. */
  readonly denied: ReadonlySet<string>;
  readonly levels: ReadonlySet<BgpLine['level']>;
}

/** The arguments of a statement that stands. A `no` wins, before it or behind it. */
export function stands(
  neighbor: NeighborStatements | undefined,
  statement: string,
): readonly string[] | undefined {
  return neighbor?.denied.has(statement) === true ? undefined : neighbor?.said.get(statement);
}

/** All `neighbor X …` lines, by the X as written; `key` gives one spelling to names that mean the same. */
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

/** `activate ipv4`, `route-map in`, `bfd`, else the word itself; a group's own definition is `peer-group`, membership `member`. */
function statementOf(word: string, args: readonly string[], level: BgpLine['level']): string {
  const [first, second] = args;
  if (word === 'activate') return `activate ${level === 'router' ? 'ipv4' : level}`;
  if (word === 'route-map') return `route-map ${second ?? ''}`;
  if (word === 'soft-reconfiguration') return `soft-reconfiguration ${first ?? ''}`;
  if (word === 'peer-group') return first === undefined ? 'peer-group' : 'member';
  if (word === 'fall-over' || word === 'fallover') return first ?? word;
  return word;
}

/** FRR's `neighbor eth0 interface [v6only] [peer-group G] [remote-as N]` says several things at once. */
function interfaceStatements(word: string, args: readonly string[]): [string, ...string[]][] {
  if (word !== 'interface') return [];
  return args.flatMap((arg, index): [string, ...string[]][] => {
    const value = args[index + 1];
    if (value === undefined) return [];
    return arg === 'peer-group' ? [['member', value]] : arg === 'remote-as' ? [['remote-as', value]] : [];
  });
}
