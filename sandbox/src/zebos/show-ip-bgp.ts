import {
  acceptedFrom,
  announcedPrefixes,
  announcedTo,
  carries,
  type Family,
  learnedPrefixes,
} from './routes.ts';
import type { PeerSession, ZebosView } from './zebos-view.ts';

/** The BGP table of one family: the TMM's own virtual servers, and what its routers told it. */
export function showIpBgp(view: ZebosView, family: Family): string {
  const speaking = view.sessions.filter((s) => s.state === 'Established' && carries(s.peer, family));
  const own = announcedPrefixes[family].map((prefix) => route('*>', prefix, nowhere(family), 32768, '?'));
  const learned = learnedPrefixes[family].flatMap((prefix) =>
    speaking.map((session, index) => learnedRoute(session, prefix, index === 0)),
  );
  const prefixes = own.length + (learned.length === 0 ? 0 : learnedPrefixes[family].length);
  return table(view, [...own, ...learned], prefixes);
}

/** What goes to one peer; nothing at all is printed where nothing goes. */
export function showAdvertisedRoutes(view: ZebosView, family: Family, address: string | undefined): string {
  const session = view.sessions.find(({ peer }) => peer.address === address);
  if (session === undefined) return '% No such neighbor\n';
  const prefixes = announcedTo(session, family, view.config);
  const routes = prefixes.map((prefix) => route('*>', prefix, view.routerId, 32768, '?'));
  return routes.length === 0 ? '' : table(view, routes, routes.length);
}

/** What comes from one peer; all of it is kept with soft reconfiguration alone. */
export function showRoutesFrom(
  view: ZebosView,
  family: Family,
  address: string | undefined,
  kept: 'all' | 'accepted',
): string {
  const session = view.sessions.find(({ peer }) => peer.address === address);
  if (session === undefined) return '% No such neighbor\n';
  if (kept === 'all' && session.peer.settings.softReconf !== true)
    return '% Inbound soft reconfiguration not enabled\n';
  const routes = learnedPrefixes[family].map((prefix) => learnedRoute(session, prefix, true));
  return acceptedFrom(session, family) === 0 ? '' : table(view, routes, routes.length);
}

function table(view: ZebosView, routes: readonly string[], prefixes: number): string {
  return [
    `BGP table version is ${1 + routes.length}, local router ID is ${view.routerId}`,
    'Status codes: s suppressed, d damped, h history, * valid, > best, i - internal,',
    '              S Stale, m multipath',
    'Origin codes: i - IGP, e - EGP, ? - incomplete',
    '',
    '    Network          Next Hop            Metric     LocPrf     Weight Path',
    ...routes,
    '',
    `Total number of prefixes ${prefixes}`,
    '',
  ].join('\n');
}

function learnedRoute({ peer }: PeerSession, prefix: string, best: boolean): string {
  return route(best ? '*>' : '*m', prefix, peer.address, 0, `${peer.settings.asn} i`);
}

function route(codes: string, prefix: string, nextHop: string, weight: number, path: string): string {
  const network = `${codes.padEnd(4)}${prefix.padEnd(16)} ${nextHop.padEnd(15)}`;
  return `${network} ${'0'.padStart(10)} ${'100'.padStart(10)} ${String(weight).padStart(10)} ${path}`;
}

function nowhere(family: Family): string {
  return family === 'IPv4' ? '0.0.0.0' : '::';
}
