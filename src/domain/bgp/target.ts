import type { BgpValues, ConfiguredNeighbor } from './helm-values.ts';

/** One SPK instance: cluster, namespace, its lookups, its TMM selector. */
export interface Target {
  readonly name: string;
  /** Context of the kubeconfig; absent means the current one, or the service account in a pod. */
  readonly context?: string;
  /** Namespace of the BIG-IP Controller, where the lookup ConfigMaps live. */
  readonly namespace: string;
  readonly tmm: {
    readonly namespace: string;
    /** Label selector of the TMM pods, `app=f5-tmm` by default. */
    readonly selector: string;
    readonly container: string;
  };
  /** Written between addresses when a ConfigMap shows no separator of its own. */
  readonly separator: string;
  readonly timeouts: {
    readonly evictionTimeoutMs: number;
    readonly replacementTimeoutMs: number;
    readonly sessionTimeoutMs: number;
    /** How long a session has to be Established before it counts as restored. */
    readonly holdTimeMs: number;
  };
  /** Interval of the drift checks. */
  readonly driftCheckEveryMs: number;
  readonly bgp: BgpValues;
  /** Keys of the Helm values that the bot does not know, with their path; absent: none. */
  readonly unknownValues?: readonly string[];
}

/** A neighbor of the Helm values that names a lookup. */
export interface LookupReference {
  readonly name: string;
  readonly asn: number;
  readonly neighbor: ConfiguredNeighbor;
}

/** The lookups of a target, in the order of its Helm values. */
export function lookupsOf(target: Target): readonly LookupReference[] {
  return target.bgp.neighbors.flatMap((neighbor) =>
    neighbor.nodeLookup === undefined ? [] : [{ name: neighbor.nodeLookup, asn: neighbor.asn, neighbor }],
  );
}
