import { expectedPeersOf, type Inspection, pagesOf, routingOf } from './inspection.ts';
import type { TmmPod } from './snapshot.ts';

/** What is known of BFD with one peer for which it is configured. */
export type BfdVerdict =
  | { readonly kind: 'up' }
  /** `state` and `reason` in the router's words. */
  | { readonly kind: 'down'; readonly state: string; readonly reason?: string }
  /** The router lists no BFD session with this peer. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly why: string };

/** Whether the running-config or the Helm values give this pod a peer with BFD, so that its BFD sessions have to be read. */
export function usesBfd(inspection: Inspection, pod: TmmPod): boolean {
  const { config } = routingOf(inspection, pod);
  const configured = config.readable && [...config.members.values()].some(({ bfd }) => bfd);
  return configured || expectedPeersOf(inspection, pod).peers.some(({ neighbor }) => neighbor.fallover);
}

/** BFD with one peer; undefined where it is not configured or was not read. */
export function bfdOf(inspection: Inspection, pod: TmmPod, peer: string): BfdVerdict | undefined {
  const { config, neighbors } = routingOf(inspection, pod);
  const { bfd } = pagesOf(inspection, pod);
  const member = config.readable ? config.members.get(peer) : undefined;
  const expected = expectedPeersOf(inspection, pod).peers.find(({ address }) => address === peer);
  if (!(member?.bfd ?? expected?.neighbor.fallover ?? false)) return undefined;
  if (bfd === undefined) return undefined;
  if (bfd.readable) {
    const session = bfd.sessions.get(peer);
    if (session === undefined)
      return bfd.complete
        ? { kind: 'absent' }
        : { kind: 'unknown', why: `the output does not list ${peer}, and may be cut off` };
    const { up, state, reason } = session;
    return up ? { kind: 'up' } : { kind: 'down', state, ...(reason !== undefined && { reason }) };
  }
  // FRR's output for the neighbor shows it as well.
  const status = neighbors.readable ? neighbors.neighbors.get(peer)?.bfdStatus : undefined;
  if (status === undefined) return { kind: 'unknown', why: bfd.why };
  return /^up$/i.test(status) ? { kind: 'up' } : { kind: 'down', state: status };
}

/** `BFD Down (control detection time expired)`. */
export function describeBfd(verdict: BfdVerdict): string {
  switch (verdict.kind) {
    case 'up':
      return 'BFD up';
    case 'down':
      return `BFD ${verdict.state}${verdict.reason === undefined ? '' : ` (${verdict.reason})`}`;
    case 'absent':
      return 'no BFD session';
    case 'unknown':
      return 'BFD unknown';
  }
}
