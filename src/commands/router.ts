import type { Answer, Part } from '../domain/answer.ts';
import type { AddressFamily } from '../domain/bgp/address.ts';
import type { ConfiguredNeighbor } from '../domain/bgp/helm-values.ts';
import { type ExpectedPeer, expectedPeers } from '../domain/bgp/inspection.ts';
import { mappingFaultsOf } from '../domain/bgp/mapping-faults.ts';
import { byFamily, placeholdersIn, routerSnippets } from '../domain/bgp/router-snippets.ts';
import type { Snapshot } from '../domain/bgp/snapshot.ts';
import { lookupsOf, type Target } from '../domain/bgp/target.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import type { ClusterQuery, QueryHandler } from './grammar/declaration.ts';
import { resolveNode } from './planning/find-node.ts';
import { SEE_TARGET } from './planning/rights.ts';

/** The configuration that the routers of a node's rack need before TMM pods run there. */
export const command: ClusterQuery = {
  kind: 'query',
  verb: 'router',
  summary: "Configuration for the routers of a node's rack: FRR, NX-OS, EOS, Junos, SR Linux",
  forms: [[{ name: 'NODE', kind: 'node', need: 'required' }]],
  flags: ['target', 'public'],
  examples: ['router worker4.rack.example.com'],
  rights: SEE_TARGET,
  read,
};

function read(parsed: ParsedCommand): QueryHandler {
  return async (target, cluster): Promise<Answer | Refusal> => {
    const node = await resolveNode(cluster, parsed.args[0] ?? '');
    return isRefusal(node) ? node : answer(target, node.snapshot, node.name);
  };
}

/** One side of the sessions: routers with the same configuration. */
interface Side {
  readonly heading: string;
  readonly neighbor: ConfiguredNeighbor;
  readonly over: AddressFamily;
}

function answer(target: Target, snapshot: Snapshot, node: string): Answer {
  const { peers } = expectedPeers(target, snapshot.lookups, node);
  const sides = peers.some(({ lookup }) => lookup !== undefined)
    ? mappedSides(target, peers)
    : [...mappedSides(target, peers), ...unmappedSides(target)];
  const texts = sides.map((side) => ({
    side,
    snippets: routerSnippets({ ...side, tmmAsn: target.bgp.asn, node }),
  }));
  const all = texts.flatMap(({ snippets }) => snippets.map(({ text }) => text)).join('\n');
  return {
    title: `For the routers of ${node} (${target.name})`,
    parts: [
      ...mappingFaultsOf(target, snapshot, node).map(
        ({ sentence }): Part => ({ kind: 'note', tone: 'bad', text: sentence }),
      ),
      {
        kind: 'text',
        text: `The TMM pods are AS ${target.bgp.asn}. Replace the placeholders: ${placeholdersIn(all).join('; ')}.`,
      },
      ...texts.flatMap(({ side, snippets }): Part[] => [
        { kind: 'text', text: side.heading },
        ...snippets.flatMap(({ system, text }): Part[] => [
          { kind: 'text', text: system },
          { kind: 'preformatted', text },
        ]),
      ]),
    ],
  };
}

function mappedSides({ bgp }: Target, peers: readonly ExpectedPeer[]): readonly Side[] {
  return bgp.neighbors.flatMap((neighbor) => {
    const routers = peers.filter((peer) => peer.neighbor === neighbor).map(({ address }) => address);
    const place = neighbor.nodeLookup ?? 'static, for all TMMs';
    return byFamily(routers).map(([over, own]) => ({
      heading: `On ${own.join(', ')} (AS ${neighbor.asn}, ${place}):`,
      neighbor,
      over,
    }));
  });
}

/** For a node that is not mapped yet: the configuration of the routers that `add` will name. */
function unmappedSides(target: Target): readonly Side[] {
  return lookupsOf(target).map(({ name, asn, neighbor }) => ({
    heading: `On the routers that ${name} will name for it (AS ${asn}); it names none yet:`,
    neighbor,
    over: neighbor.acceptsIPv6 && !neighbor.acceptsIPv4 ? 'IPv6' : 'IPv4',
  }));
}
