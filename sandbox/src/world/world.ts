import type { SlackService } from '../slack/faults.ts';
import type { Family } from '../zebos/routes.ts';
import type { SessionState } from '../zebos/start-session.ts';

/** What `GET /_control/world` answers: the cluster, the routers and the bot's surroundings as they are at this moment. */
export interface World {
  /** Which start of the sandbox this is. */
  readonly startedAtMs: number;
  readonly nodes: readonly WorldNode[];
  readonly tmms: readonly WorldTmm[];
  readonly routers: readonly WorldRouter[];
  /** The ConfigMaps that map nodes to peers, as the Helm values name them. */
  readonly lookups: readonly string[];
  readonly bot: { readonly running: boolean; readonly pid: number };
  readonly redis: 'up' | 'cut';
  readonly slack: SlackService;
  /** Whether the kubelet rejects the next TMM pod that is bound to a node. */
  readonly rejectsNextPod: boolean;
}

export interface WorldNode {
  readonly name: string;
  /** The value of its label topology.kubernetes.io/rack; empty without one. */
  readonly rack: string;
  readonly ready: boolean;
  readonly cordoned: boolean;
  /** `key=value:effect`, without those that Kubernetes sets by itself when a node is cordoned or not ready. */
  readonly taints: readonly string[];
  /** What each lookup gives this node, as it is written there; a lookup without this node is left out. */
  readonly mapping: Readonly<Record<string, string>>;
}

export interface WorldTmm {
  readonly name: string;
  /** Empty while no node takes it. */
  readonly node: string;
  readonly phase: string;
  /** Why it failed, in Kubernetes's word; empty otherwise. */
  readonly reason: string;
  readonly ready: boolean;
  /** It is being deleted. */
  readonly leaving: boolean;
  readonly createdAtMs: number;
  /** What its routing stack has, which read its mapping when the pod started. */
  readonly sessions: readonly WorldSession[];
}

export interface WorldSession {
  readonly address: string;
  readonly state: SessionState;
  /** Since when it is in this state. */
  readonly sinceMs: number;
  readonly families: readonly Family[];
  readonly prefixesReceived: number;
  readonly prefixesSent: number;
  /** Null where the Helm values have no BFD for this peer. */
  readonly bfd: 'up' | 'down' | null;
  readonly shutDown: boolean;
}

export interface WorldRouter {
  readonly address: string;
  /** The rack where it stands; empty when it is none of the sandbox's and no node maps it. */
  readonly rack: string;
  readonly up: boolean;
  readonly flapping: boolean;
  readonly shutDown: boolean;
  readonly bfd: boolean;
}
