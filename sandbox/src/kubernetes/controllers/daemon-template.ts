import type { Pod } from '../kinds/pod.ts';
import type { PodTemplate } from '../kinds/pod-template.ts';

/** https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations */
const TOLERATIONS = [
  ['not-ready', 'NoExecute'],
  ['unreachable', 'NoExecute'],
  ['disk-pressure', 'NoSchedule'],
  ['memory-pressure', 'NoSchedule'],
  ['pid-pressure', 'NoSchedule'],
  ['unschedulable', 'NoSchedule'],
].map(([name, effect]) => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists', effect }));

/** The template, bound to one node by affinity as the real controller does; the scheduler does the rest. */
export function daemonTemplate(template: PodTemplate, node: string): PodTemplate {
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }];
  const nodeAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
  };
  const tolerations = [...(template.spec.tolerations ?? []), ...TOLERATIONS];
  return {
    ...template,
    spec: { ...template.spec, tolerations, affinity: { ...template.spec.affinity, nodeAffinity } },
  };
}

/** The node that a pod of a DaemonSet is on, or is meant for. */
export function nodeOf({ spec }: Pod): string {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return spec.nodeName || (required?.nodeSelectorTerms[0]?.matchFields?.[0]?.values?.[0] ?? '');
}
