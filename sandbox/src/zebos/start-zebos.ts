import type { BgpValues } from './bgp-values.ts';
import { type CommandResult, imish } from './imish.ts';
import { type LookupPeers, peerGroups } from './peer-groups.ts';
import type { Routers } from './routers.ts';
import { startSession } from './start-session.ts';
import type { ZebosView } from './zebos-view.ts';

export interface Zebos {
  hostname: string;
  /** Runs one line of ZebOS's shell. */
  imish(commandLine: string): CommandResult;
  /** What the show commands see, for the sandbox's page. */
  view(): ZebosView;
  stop(): void;
}

export interface ZebosOptions {
  config: BgpValues;
  /** The peers of this node by lookup, as they were when the pod started. They are never read again. */
  peers: LookupPeers;
  routers: Routers;
  hostname: string;
  /** The pod's IPv4 address. */
  routerId: string;
  /** Milliseconds since the epoch. */
  clock?: () => number;
  /** Milliseconds from one session state to the next; about four of them to Established. */
  pace?: () => number;
}

/** Starts the routing stack of one TMM pod; another one than the sandbox's own may answer for `imish`. */
export type StartRouting = (options: ZebosOptions) => Zebos;

/** The routing stack of one TMM pod, from its start until `stop()`. */
export function startZebos(options: ZebosOptions): Zebos {
  const { config, routers, hostname, routerId, clock = Date.now, pace = unhurried } = options;
  const { groups, peers } = peerGroups(config, options.peers);
  const sessions = peers.map((peer) => ({
    peer,
    session: startSession({ address: peer.address, routers, clock, pace }),
  }));
  const view = (): ZebosView => ({
    config,
    hostname,
    routerId,
    now: clock(),
    groups,
    sessions: sessions.map(({ peer, session }) => ({ peer, ...session.view() })),
  });
  return {
    hostname,
    view,
    imish: (commandLine) => imish(view(), commandLine),
    stop() {
      for (const { session } of sessions) session.stop();
    },
  };
}

function unhurried(): number {
  return 125 + Math.random() * 250;
}
