import { parseAsn } from './asn.ts';
import type { Family } from './bgp-block.ts';
import { type NeighborStatements, stands } from './neighbor-statements.ts';

/** What a group or a member is configured with. */
export interface PeerSettings {
  readonly remoteAs?: number;
  /** Hops; undefined for a peer that must be adjacent. */
  readonly ebgpMultihop?: number;
  readonly softReconfInbound: boolean;
  /** The password itself is never read. */
  readonly passwordSet: boolean;
  readonly bfd: boolean;
  readonly shutdown: boolean;
  readonly activated: { readonly ipv4: boolean; readonly ipv6: boolean };
  readonly routeMapIn?: string;
  readonly routeMapOut?: string;
}

export interface PeerGroup extends PeerSettings {
  readonly name: string;
}

/** A configured peer, with what it inherits from its group. */
export interface Member extends PeerSettings {
  /** Canonical, or the interface of an unnumbered peer. */
  readonly address: string;
  readonly group?: string;
}

export function groupOf(name: string, statements: NeighborStatements, ownAs: number): PeerGroup {
  const activated = {
    ipv4: activates(statements, 'ipv4') === true,
    ipv6: activates(statements, 'ipv6') === true,
  };
  return { name, ...settingsOf([statements], ownAs), activated };
}

export function memberOf(
  address: string,
  statements: NeighborStatements,
  group: NeighborStatements | undefined,
  defaults: Readonly<Record<Family, boolean>>,
  ownAs: number,
): Member {
  const activated = (family: Family): boolean => {
    const own = activates(statements, family);
    if (own !== undefined) return own;
    // Whoever is spoken of in one address family alone does not take part in another.
    const takesPart = statements.levels.has('router') || statements.levels.has(family);
    return takesPart && (activates(group, family) ?? defaults[family]);
  };
  const name = stands(statements, 'member')?.[0];
  return {
    address,
    ...(name !== undefined && { group: name }),
    ...settingsOf([statements, group], ownAs),
    activated: { ipv4: activated('ipv4'), ipv6: activated('ipv6') },
  };
}

function activates(neighbor: NeighborStatements | undefined, family: Family): boolean | undefined {
  if (neighbor?.denied.has(`activate ${family}`) === true) return false;
  return neighbor?.said.has(`activate ${family}`) === true ? true : undefined;
}

/** The nearest word counts: the member's own, else its group's. */
function settingsOf(
  suggest: readonly (NeighborStatements | undefined)[],
  ownAs: number,
): Omit<PeerSettings, 'activated'> {
  const find = (statement: string): readonly string[] | undefined => {
    const speaker = suggest.find(
      (one) => one?.denied.has(statement) === true || one?.said.has(statement) === true,
    );
    return stands(speaker, statement);
  };
  const [asText] = find('remote-as') ?? [];
  const remoteAs = asText === 'internal' ? ownAs : parseAsn(asText ?? '');
  const multihop = find('ebgp-multihop');
  const [routeMapIn] = find('route-map in') ?? [];
  const [routeMapOut] = find('route-map out') ?? [];
  return {
    ...(remoteAs !== undefined && { remoteAs }),
    ...(multihop !== undefined && { ebgpMultihop: hops(multihop[0]) }),
    softReconfInbound: find('soft-reconfiguration inbound') !== undefined,
    passwordSet: find('password') !== undefined,
    bfd: find('bfd') !== undefined,
    shutdown: find('shutdown') !== undefined,
    ...(routeMapIn !== undefined && { routeMapIn }),
    ...(routeMapOut !== undefined && { routeMapOut }),
  };
}

/** 1..255; routers mean 255 when no number stands there. */
function hops(text: string | undefined): number {
  const count = text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : MOST_HOPS;
  return Math.min(Math.max(count, 1), MOST_HOPS);
}

const MOST_HOPS = 255;
