import type { BgpValues } from '../zebos/bgp-values.ts';

/** Which pods are TMMs, and what the Helm values say about their routing. */
export interface Routing {
  config: BgpValues;
  /** The container that has ZebOS: f5-tmm-routing. */
  container: string;
  /** The labels that make a pod a TMM. */
  selector: Readonly<Record<string, string>>;
  /** Where the lookup ConfigMaps are; the pod's own namespace when left out. */
  lookupNamespace?: string | undefined;
}
