import { KubeConfig } from '@kubernetes/client-node';
import type { Fault } from '../../domain/fault.ts';
import { loadKubeConfig, type Where } from './kube-config.ts';

/** How to reach each target's cluster, by the target's name; targets of one context share its connections. Or every fault. */
export function loadKubeConfigs(
  targets: readonly { readonly name: string; readonly context?: string | undefined }[],
  where: Where,
): Map<string, KubeConfig> | readonly Fault[] {
  const faults: Fault[] = [];
  const byContext = new Map<string | undefined, KubeConfig>();
  const byTarget = new Map<string, KubeConfig>();
  for (const { name, context } of targets) {
    const found =
      byContext.get(context) ?? loadKubeConfig({ ...where, ...(context === undefined ? {} : { context }) });
    if (found instanceof KubeConfig) {
      byContext.set(context, found);
      byTarget.set(name, found);
    } else faults.push(found);
  }
  return faults.length === 0 ? byTarget : faults;
}
