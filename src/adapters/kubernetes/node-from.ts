import { z } from 'zod';
import type { Node, Taint } from '../../domain/bgp/snapshot.ts';
import { interner } from './interner.ts';
import { texts } from './lookup-from.ts';

const taintSchema = z.object({ key: z.string(), value: z.string().nullish(), effect: z.string() });

export const nodeSchema = z.object({
  metadata: z.object({ name: z.string(), labels: texts.nullish() }),
  spec: z.object({ unschedulable: z.boolean().optional(), taints: z.array(taintSchema).nullish() }).nullish(),
  status: z
    .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish() })
    .nullish(),
});

/** Converts a node; it is ready when its kubelet says so. */
export function nodeFrom({ metadata, spec, status }: z.infer<typeof nodeSchema>): Node {
  const labels = Object.entries(metadata.labels ?? {});
  const taints = (spec?.taints ?? []).filter(({ effect }) => KEEPS_PODS_AWAY.has(effect));
  return {
    name: metadata.name,
    ready: status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    cordoned: spec?.unschedulable ?? false,
    ...(labels.length === 0 ? {} : { labels: labelsOf(labels, metadata.name) }),
    ...(taints.length === 0 ? {} : { taints: taints.map(taintOf) }),
  };
}

const KEEPS_PODS_AWAY: ReadonlySet<string> = new Set(['NoSchedule', 'NoExecute']);

function taintOf({ key, value, effect }: z.infer<typeof taintSchema>): Taint {
  return { key: once(key), value: once(value ?? ''), effect: once(effect) };
}

/** Equal texts are stored once for ten thousand nodes; only their host names differ. */
function labelsOf(labels: readonly (readonly [string, string])[], name: string): Record<string, string> {
  return Object.fromEntries(labels.map(([key, value]) => [once(key), value === name ? name : once(value)]));
}

const once = interner<string>(20_000, (text) => text);
