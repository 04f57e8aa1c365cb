import { z } from 'zod';
import type { Lookup, LookupOwner } from '../../domain/snapshot.ts';

const texts = z.record(z.string(), z.string());

export const configMapSchema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    labels: texts.optional(),
    annotations: texts.optional(),
  }),
  immutable: z.boolean().optional(),
  data: texts.nullish(),
  binaryData: texts.nullish(),
});

export type ConfigMap = z.infer<typeof configMapSchema>;

/** A ConfigMap as the lookup that it is. */
export function lookupFrom({ metadata, immutable, data, binaryData }: ConfigMap): Lookup {
  const owner = ownerOf(metadata.labels ?? {}, metadata.annotations ?? {});
  const binary = Object.entries(binaryData ?? {});
  return {
    name: metadata.name,
    uid: metadata.uid,
    immutable: immutable ?? false,
    data: data ?? {},
    bytes:
      bytesOf(Object.entries(data ?? {})) +
      binary.reduce(
        (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value, 'base64'),
        0,
      ),
    ...(owner === undefined ? {} : { owner }),
  };
}

function bytesOf(entries: readonly (readonly [string, string])[]): number {
  return entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
}

type Texts = Readonly<Record<string, string>>;

/** The tool that would put its own version back; the marks are those that each tool documents. */
function ownerOf(labels: Texts, annotations: Texts): LookupOwner | undefined {
  const argo = annotations['argocd.argoproj.io/tracking-id'] ?? labels['argocd.argoproj.io/instance'];
  if (argo) return { tool: 'Argo CD', name: argo.split(':')[0] ?? argo };
  const flux = labels['kustomize.toolkit.fluxcd.io/name'] ?? labels['helm.toolkit.fluxcd.io/name'];
  if (flux) return { tool: 'Flux', name: flux };
  const release = annotations['meta.helm.sh/release-name'];
  if (release || labels['app.kubernetes.io/managed-by'] === 'Helm') {
    return { tool: 'Helm', name: release ?? labels['app.kubernetes.io/instance'] ?? 'an unnamed release' };
  }
  return undefined;
}
