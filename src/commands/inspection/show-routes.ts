import type { Part } from '../../domain/answer.ts';
import { type AddressFamily, familyOf } from '../../domain/bgp/address.ts';
import {
  advertisedOf,
  describeRoutes,
  type Exchange,
  whyNotAnnounced,
} from '../../domain/bgp/announcement.ts';
import {
  announcedTo,
  expectedPeersOf,
  type Inspection,
  routingOf,
  sessionsOf,
} from '../../domain/bgp/inspection.ts';
import type { TmmPod } from '../../domain/bgp/snapshot.ts';
import { asClause } from '../../domain/phrasing.ts';
import { peerName } from '../../domain/zebos/printed-values.ts';
import { type RoutesReading, readRoutes } from '../../domain/zebos/read-routes.ts';
import type { Cluster, ImishCommand } from '../../ports/cluster.ts';

/** What a pod announces to each Established peer, what it receives, and why something is not announced. */
export async function showRoutes(
  cluster: Pick<Cluster, 'imish'>,
  inspection: Inspection,
  pod: TmmPod,
): Promise<readonly Part[]> {
  const peers = [...sessionsOf(inspection, pod)]
    .filter(([peer, { kind }]) => kind === 'established' && peerName(peer) === peer)
    .map(([peer]) => peer);
  const ask = async (command: ImishCommand): Promise<RoutesReading> => {
    const outcome = await cluster.imish(pod, command);
    return outcome.ok ? readRoutes(outcome.text) : { readable: false, why: asClause(outcome.why) };
  };
  const families = new Set(peers.flatMap((peer) => familiesWith(inspection, pod, peer)));
  const tables = new Map(
    await Promise.all([...families].map(async (family) => [family, await ask(TABLE[family])] as const)),
  );
  const parts = await Promise.all(
    peers.map(async (peer) => {
      const exchanges = await Promise.all(
        familiesWith(inspection, pod, peer).map((family) =>
          exchangeWith(peer, family, inspection, pod, ask, tables.get(family)),
        ),
      );
      return exchanges.flatMap((exchange) => told(peer, exchange, inspection, pod));
    }),
  );
  if (peers.length === 0)
    return [{ kind: 'text', text: `${pod.name} has no Established session, so it exchanges no routes.` }];
  return [{ kind: 'text', text: `Routes of ${pod.name}` }, ...parts.flat()];
}

const TABLE: Readonly<Record<AddressFamily, ImishCommand>> = { IPv4: 'show ip bgp', IPv6: 'show bgp ipv6' };

/** The families for which a peer is or should be activated; its own family where neither is known. */
function familiesWith(inspection: Inspection, pod: TmmPod, peer: string): readonly AddressFamily[] {
  const { config } = routingOf(inspection, pod);
  const activated = config.readable ? config.members.get(peer)?.activated : undefined;
  const asked = expectedPeersOf(inspection, pod).peers.find(({ address }) => address === peer)?.neighbor;
  const own = familyOf(peer);
  const isOf = (family: AddressFamily): boolean => {
    if (activated !== undefined) return family === 'IPv4' ? activated.ipv4 : activated.ipv6;
    return asked !== undefined && (family === 'IPv4' ? asked.acceptsIPv4 : asked.acceptsIPv6);
  };
  const families = (['IPv4', 'IPv6'] as const).filter(isOf);
  return families.length === 0 ? [own] : families;
}

async function exchangeWith(
  peer: string,
  family: AddressFamily,
  inspection: Inspection,
  pod: TmmPod,
  ask: (command: ImishCommand) => Promise<RoutesReading>,
  table: RoutesReading = { readable: false, why: 'it was not asked for' },
): Promise<Exchange> {
  const routing = routingOf(inspection, pod);
  const { config } = routing;
  const keepsAll = config.readable && config.members.get(peer)?.softReconfInbound === true;
  const show = family === 'IPv4' ? 'show ip bgp' : 'show bgp';
  // Without soft reconfiguration a router keeps only what its policy accepts.
  const [advertised, received] = await Promise.all([
    ask(`${show} neighbors ${peer} advertised-routes`),
    ask(`${show} neighbors ${peer} ${keepsAll ? 'received-routes' : 'routes'}`),
  ]);
  return { family, table, advertised, received, announced: announcedTo(peer, routing) };
}

function told(peer: string, exchange: Exchange, inspection: Inspection, pod: TmmPod): readonly Part[] {
  const { config } = routingOf(inspection, pod);
  const member = config.readable ? config.members.get(peer) : undefined;
  const advertised = advertisedOf(exchange);
  const why = whyNotAnnounced(exchange, member);
  return [
    {
      kind: 'facts',
      rows: [
        [`advertised to ${peer} (${exchange.family})`, describeRoutes(advertised)],
        [`received from ${peer} (${exchange.family})`, describeRoutes(exchange.received)],
      ],
    },
    ...(why === undefined ? [] : [{ kind: 'note', tone: 'warning', text: `${peer}: ${why}` } as const]),
  ];
}
