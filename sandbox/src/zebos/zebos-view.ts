import type { BgpValues } from './bgp-values.ts';
import type { Peer, PeerGroup } from './peer-groups.ts';
import type { SessionView } from './start-session.ts';

/** Everything that the show commands print, read at one moment. */
export interface ZebosView {
  config: BgpValues;
  hostname: string;
  routerId: string;
  now: number;
  groups: readonly PeerGroup[];
  sessions: readonly PeerSession[];
}

export interface PeerSession extends SessionView {
  peer: Peer;
}
