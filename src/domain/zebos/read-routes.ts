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
  for (const [index, line] of lines.entries()) {
    const byDefault = /^originating default network (\S+)$/i.exec(line.text)?.[1];
    if (byDefault !== undefined) prefixes.add(byDefault.includes('/') ? byDefault : `${byDefault}/0`);
    const route = routeIn(line, lines[index + 1]);
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
function routeIn({ text }: ScreenLine, next: ScreenLine | undefined): Route | undefined {
  const status = STATUS.exec(text)?.[0];
  if (status === undefined) return undefined;
  const words = text.slice(status.length).trim().split(/\s+/);
  const [first = '', second] = words;
  if (!isNetwork(first)) return undefined;
  const wraps = second === undefined && isAddress(next?.words[0]);
  const hasNetwork = first.includes('/') || wraps || isAddress(second);
  // A route of the router itself has this weight; received routes too may be printed without a next hop.
  const isOwn = (wraps ? (next?.words ?? []) : words).includes('32768');
  return { ...(hasNetwork && { network: first }), isOwn };
}

/** Status codes, which an `i` or a network may follow without a blank: `*>i10.0.0.0/8`. */
const STATUS = /^[sdhRSrup]?[*>][*>=mbdsSR]{0,3}(?:i(?=[\s\d]))?(?=[\s\d])/;

function isNetwork(word: string): boolean {
  return isAddress(word.replace(/\/\d{1,3}$/, ''));
}

function isAddress(word: string | undefined): boolean {
  return word !== undefined && peerName(word) !== undefined;
}

/** `Total number of prefixes 3`; FRR after a whole table: `Displayed 3 routes and 5 total paths`. */
function totalIn(lines: readonly ScreenLine[]): number | undefined {
  const counts = lines.flatMap(
    ({ text }) => /^(?:total number of prefixes|displayed)\s+(\d{1,9})\b/i.exec(text)?.[1] ?? [],
  );
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + Number(count), 0);
}
