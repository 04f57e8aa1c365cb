import { z } from 'zod';

const condition = z.looseObject({ type: z.string(), status: z.string() });
const container = z.looseObject({ name: z.string(), image: z.string().default('') });

/** What the kubelet reads of a pod. */
export const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string().default(''),
    deletionTimestamp: z.string().nullish(),
    labels: z.record(z.string(), z.string()).nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z.object({
    nodeName: z.string().nullish(),
    containers: z.array(container),
    initContainers: z.array(container).nullish(),
    readinessGates: z.array(z.object({ conditionType: z.string() })).nullish(),
  }),
  status: z
    .object({
      phase: z.string().nullish(),
      podIP: z.string().nullish(),
      startTime: z.string().nullish(),
      conditions: z.array(condition).nullish(),
    })
    .nullish(),
});

export type Pod = z.infer<typeof podSchema>;
export type Condition = z.infer<typeof condition>;

export function podPath({ metadata }: Pod): string {
  return `/api/v1/namespaces/${encodeURIComponent(metadata.namespace)}/pods/${encodeURIComponent(metadata.name)}`;
}
