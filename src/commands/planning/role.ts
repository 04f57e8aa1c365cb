import type { Command, Right } from '../grammar/declaration.ts';

/** One rule of a Kubernetes Role. */
export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** The least that these commands declare, resource by resource. */
export function roleRules(commands: readonly Command[], scope: Right['scope']): readonly RoleRule[] {
  const byResource = new Map<string, { group: string; resource: string; verbs: Set<string> }>();
  for (const right of commands.flatMap(({ rights }) => rights).filter((one) => one.scope === scope)) {
    const key = `${right.group}/${right.resource}`;
    const held = byResource.get(key) ?? {
      group: right.group,
      resource: right.resource,
      verbs: new Set<string>(),
    };
    for (const verb of right.verbs) held.verbs.add(verb);
    byResource.set(key, held);
  }
  return [...byResource.values()]
    .sort((one, other) => (one.resource < other.resource ? -1 : 1))
    .map(({ group, resource, verbs }) => ({
      apiGroups: [group],
      resources: [resource],
      verbs: [...verbs].sort(),
    }));
}
