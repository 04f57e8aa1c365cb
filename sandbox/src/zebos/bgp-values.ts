/** The BGP part of the controller's Helm values, as far as it shapes a TMM's own routing. */
export interface BgpValues {
  asn: number;
  hostname?: string | undefined;
  maxPathsEbgp?: number | 'null' | undefined;
  maxPathsIbgp?: number | 'null' | undefined;
  neighbors: readonly NeighborValues[];
  /** What route maps do with routes that go out; one that a neighbor names and that is not here drops all of them. */
  routeMaps?: readonly { name: string; action: 'permit' | 'deny' }[] | undefined;
}

/** One entry of `neighbors[]`: `nodeLookup` (peers by node) or `ip` (the same peer for every TMM). */
export interface NeighborValues {
  nodeLookup?: string | undefined;
  ip?: string | undefined;
  asn: number;
  ebgpMultihop?: number | undefined;
  acceptsIPv4?: boolean | undefined;
  acceptsIPv6?: boolean | undefined;
  softReconf?: boolean | undefined;
  fallover?: boolean | undefined;
  password?: string | undefined;
  routeMap?: string | undefined;
}
