import { counted } from '../phrasing.ts';
import type { RoutesReading } from '../zebos/read-routes.ts';
import type { Member } from '../zebos/read-running-config.ts';
import type { AddressFamily } from './address.ts';
import type {} from './inspection.ts';

/** What is known of the routes of one family between a pod and a peer with which it is Established. */
export interface Exchange {
  readonly family: AddressFamily;
  /** The pod's whole table, for what it could announce. */
  readonly table: RoutesReading;
  readonly advertised: RoutesReading;
  readonly received: RoutesReading;
  /** Number of announced prefixes over all families, from the summary or the neighbor's own output. */
  readonly announced: number | undefined;
}

/** `3 prefixes: 10.10.10.100/32, …`, `none`, or why it is unknown. */
export function describeRoutes(reading: RoutesReading): string {
  if (!reading.readable) return `unknown: ${reading.why}`;
  const { prefixes } = reading;
  if (prefixes.length === 0) return 'none';
  const shown = prefixes.slice(0, MAX_PREFIXES).join(', ');
  const more = prefixes.length > MAX_PREFIXES ? `, and ${prefixes.length - MAX_PREFIXES} more` : '';
  return `${counted(prefixes.length, 'prefix', 'prefixes')}: ${shown}${more}`;
}

const MAX_PREFIXES = 20;

/** A router without routes for a neighbor prints nothing; only its own count of 0 shows that the empty output means none. */
export function advertisedOf({ advertised, announced }: Exchange): RoutesReading {
  const isSilent = !advertised.readable && advertised.why === 'the output is empty';
  return isSilent && announced === 0 ? { readable: true, prefixes: [], own: [] } : advertised;
}

/**
 * Why nothing, or not everything, is announced, in one sentence; undefined when all of the pod's own routes are, or when unknown.
 */
export function whyNotAnnounced(exchange: Exchange, member: Member | undefined): string | undefined {
  const { family, table } = exchange;
  const advertised = advertisedOf(exchange);
  if (!advertised.readable || !table.readable) return undefined;
  if (table.own.length === 0)
    return advertised.prefixes.length > 0
      ? undefined
      : `There is nothing to announce for ${family}: this TMM has no route of its own, so no virtual server.`;
  const announced = new Set(advertised.prefixes);
  const kept = table.own.filter((prefix) => !announced.has(prefix));
  if (kept.length === 0) return undefined;
  const count = table.own.length;
  const missing = kept.slice(0, MAX_PREFIXES).join(', ');
  const which =
    kept.length === count
      ? `None of the ${count} ${family} routes of its own is announced (${missing})`
      : `${kept.length} of the ${count} ${family} routes of its own ${kept.length === 1 ? 'is' : 'are'} not announced (${missing})`;
  return `${which}: ${blame(family, member)}.`;
}

function blame(family: AddressFamily, member: Member | undefined): string {
  if (member === undefined) return 'the running-config, which would show why, cannot be read';
  const { routeMapOut, prefixListOut, activated } = member;
  if (!(family === 'IPv4' ? activated.ipv4 : activated.ipv6))
    return `the peer is not activated for ${family}`;
  const filters = [
    ...(routeMapOut === undefined ? [] : [`route-map ${routeMapOut} out`]),
    ...(prefixListOut === undefined ? [] : [`prefix-list ${prefixListOut} out`]),
  ];
  if (filters.length > 0) return `${filters.join(' or ')} drops them`;
  return 'no route map and no prefix list of this peer is configured; look at its family on both sides';
}
