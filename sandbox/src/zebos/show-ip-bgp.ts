import { announcedPrefixes, carries, type Family, learnedPrefixes } from './routes.ts';
import type { PeerSession, ZebosView } from './zebos-view.ts';

/** The BGP table of one family: the TMM's own virtual servers, and what its routers told it. */
export function showIpBgp(view: ZebosView, family: Family): string {
  const speaking = view.sessions.filter((s) => s.state === 'Established' && carries(s.peer, family));
  const own = announcedPrefixes[family].map((prefix) => route('*>', prefix, nowhere(family), 32768, '?'));
  const learned = learnedPrefixes[family].flatMap((prefix) =>
    speaking.map((session, index) => learnedRoute(session, prefix, index === 0)),
  );
  return [
    `BGP table version is ${1 + own.length + learned.length}, local router ID is ${view.routerId}`,
    'Status codes: s suppressed, d damped, h history, * valid, > best, i - internal,',
    '              S Stale, m multipath',
    'Origin codes: i - IGP, e - EGP, ? - incomplete',
    '',
    '    Network          Next Hop            Metric     LocPrf     Weight Path',
    ...own,
    ...learned,
    '',
    `Total number of prefixes ${own.length + (learned.length === 0 ? 0 : learnedPrefixes[family].length)}`,
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
