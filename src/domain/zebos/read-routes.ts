import { peerName } from './printed-values.ts';
import { type ScreenLine, screenLines, whyUnreadable } from './screen-lines.ts';

export type RoutesReading =
  | {
      readonly readable: true;
      /** Each once, as printed, in the order of the output. */
      readonly prefixes: readonly string[];
      /** Prefixes that this router originates: virtual servers, in a TMM. */
      readonly own: readonly string[];
    }
  | { readonly readable: false; readonly why: string };

/**
 * Reads the routes that `show ip bgp` and related commands print: the whole table, or those sent to or received from one
 * neighbor. An output counts as complete only if the router's own count matches; an empty one shows nothing.
 */
export function readRoutes(text: string): RoutesReading {
  const lines = screenLines(text).filter(({ words }) => words.length > 0);
  const prefixes = new Set<string>();
  const own = new Set<string>();
  let network: string | undefined;
  let weightEnd: number | undefined;
  for (const [index, line] of lines.entries()) {
    const byDefault = /^originating default network (\S+)$/i.exec(line.text)?.[1];
    if (byDefault !== undefined) prefixes.add(byDefault.includes('/') ? byDefault : `${byDefault}/0`);
    weightEnd = weightColumnEnd(line) ?? weightEnd;
    const route = routeIn(line, lines[index + 1], weightEnd);
    if (route === undefined) continue;
    network = route.network ?? network;
    if (network === undefined) return { readable: false, why: 'the routes break off at their beginning' };
    prefixes.add(network);
    if (route.isOwn) own.add(network);
  }
  const total = totalIn(lines);
  if (total === undefined) {
    const breaksOff = prefixes.size > 0 ? 'the routes break off' : undefined;
    return { readable: false, why: breaksOff ?? whyUnreadable(lines, 'the output holds no routes') };
  }
  if (total !== prefixes.size)
    return { readable: false, why: `the router counts ${total} prefixes, but lists ${prefixes.size}` };
  return { readable: true, prefixes: [...prefixes], own: [...own] };
}

interface Route {
  /** Undefined in an additional route to the network of the previous line. */
  readonly network?: string;
  readonly isOwn: boolean;
}

/** `*>  10.10.10.100/32  0.0.0.0  0  100  32768 ?`; after a long network, the rest is in the next line. */
function routeIn(
  line: ScreenLine,
  next: ScreenLine | undefined,
  weightEnd: number | undefined,
): Route | undefined {
  const status = STATUS.exec(line.text)?.[0];
  const words = line.text
    .slice(status?.length ?? 0)
    .trim()
    .split(/\s+/);
  const [first = '', second] = words;
  // A route that is not valid has no status at all; only a network with its mask tells it from other text.
  if (!isNetwork(first) || (status === undefined && !first.includes('/'))) return undefined;
  const wraps = second === undefined && isAddress(next?.words[0]);
  if (status === undefined && !wraps && !isAddress(second)) return undefined;
  const hasNetwork = first.includes('/') || wraps || isAddress(second);
  const isOwn = wraps
    ? next !== undefined && isOwnBy(next, next.words[0], weightEnd)
    : isOwnBy(line, hasNetwork ? second : first, weightEnd);
  return { ...(hasNetwork && { network: first }), isOwn };
}

/**
 * Status codes, which an `i` or a network may follow without a blank: `*>i10.0.0.0/8`. FRR prints how RPKI judges the route before
 * them; a damped, suppressed, stale or past route may lack `*`.
 */
const STATUS =
  /^(?:[VIN]\s{0,2})?(?:[sdhRSrup]?[*>][*>=mbdhsSR]{0,3}|[sdhRSr](?=\s))(?:i(?=[\s\d]))?(?=[\s\d])/;

/**
 * Whether a route has the weight of the router's own routes, which is also a valid metric and AS number: it counts in its column,
 * and elsewhere only without a next hop.
 */
function isOwnBy({ text, indent }: ScreenLine, nextHop = '', weightEnd?: number): boolean {
  return [...text.matchAll(/(?<=\s)32768(?=\s|$)/g)].some(
    ({ index }) => indent + index + OWN_WEIGHT.length === weightEnd || /^(?:0\.0\.0\.0|::)$/.test(nextHop),
  );
}

const OWN_WEIGHT = '32768';

/** Where the column `Weight` ends in the header; undefined in any other line. */
function weightColumnEnd({ text, indent }: ScreenLine): number | undefined {
  return /^Network\s+Next Hop\s.*\bWeight(?=\s+Path)/i.test(text)
    ? indent + text.search(/\bWeight\b/i) + 'Weight'.length
    : undefined;
}

function isNetwork(word: string): boolean {
  return isAddress(word.replace(/\/\d{1,3}$/, ''));
}

function isAddress(word: string | undefined): boolean {
  return word !== undefined && peerName(word) !== undefined;
}

/**
 * `Total number of prefixes 3`; FRR after a whole table: `Displayed 3 routes and 5 total paths`, or `No BGP prefixes displayed, 3
 * exist`; Quagga: `No BGP network exists`.
 */
function totalIn(lines: readonly ScreenLine[]): number | undefined {
  if (lines.some(({ text }) => NONE.test(text))) return 0;
  const counts = lines.flatMap(
    ({ text }) => /^(?:total number of prefixes|displayed)\s+(\d{1,9})\b/i.exec(text)?.[1] ?? [],
  );
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + Number(count), 0);
}

const NONE = /^No BGP (?:prefixes displayed|network exists)\b/i;
