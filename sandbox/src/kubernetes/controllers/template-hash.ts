import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { PodTemplate } from '../kinds/pod-template.ts';

/** Ten letters that stand for a pod template; the order in which a client sent its members does not matter. */
export function templateHash(template: PodTemplate): string {
  const canonical = canonicalize(template);
  if (canonical === undefined) throw new Error('hashing a pod template: it has no canonical JSON');
  return createHash('sha256').update(canonical).digest('hex').slice(0, 10);
}
