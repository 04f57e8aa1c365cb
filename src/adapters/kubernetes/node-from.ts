import { z } from 'zod';
import type { Node } from '../../domain/bgp/snapshot.ts';

export const nodeSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ unschedulable: z.boolean().optional() }).nullish(),
  status: z
    .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish() })
    .nullish(),
});

/** A node, ready when its kubelet says so. */
export function nodeFrom({ metadata, spec, status }: z.infer<typeof nodeSchema>): Node {
  return {
    name: metadata.name,
    ready: status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    cordoned: spec?.unschedulable ?? false,
  };
}
