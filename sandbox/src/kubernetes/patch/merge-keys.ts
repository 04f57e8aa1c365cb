import type { JsonObject } from '../json.ts';

/** By which member the items of a list are told apart, by the list's name; the first that every item has. */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  ports: ['containerPort', 'port'],
  conditions: ['type'],
  addresses: ['type'],
  hostAliases: ['ip'],
  ownerReferences: ['uid'],
  topologySpreadConstraints: ['topologyKey'],
  taints: ['key'],
  podIPs: ['ip'],
};

/** Lists of plain values that are merged like sets. */
export const MERGED_SETS: readonly string[] = ['finalizers'];

/** The key of the list called `name`, or undefined for a list that is replaced whole (tolerations, args …). */
export function mergeKeyOf(name: string, items: readonly JsonObject[]): string | undefined {
  return MERGE_KEYS[name]?.find((key) => items.every((item) => item[key] !== undefined || '$patch' in item));
}
