import type { Command } from '../commands/grammar/declaration.ts';
import { roleRules } from '../commands/planning/role.ts';

const NAME = 'tor-bgp-bot';
const NODES = `${NAME}-nodes`;
const GROUP = 'rbac.authorization.k8s.io';

/** Role and ClusterRole with their bindings to the bot's service account, derived from what the commands declare. */
export function roleManifest(commands: readonly Command[], namespace: string): readonly object[] {
  return [
    { ...of('Role', { name: NAME, namespace }), rules: roleRules(commands, 'namespace') },
    { ...of('RoleBinding', { name: NAME, namespace }), ...binding('Role', NAME) },
    { ...of('ClusterRole', { name: NODES }), rules: roleRules(commands, 'cluster') },
    { ...of('ClusterRoleBinding', { name: NODES }), ...binding('ClusterRole', NODES) },
  ];
}

function of(kind: string, metadata: object): object {
  return { apiVersion: `${GROUP}/v1`, kind, metadata };
}

function binding(kind: string, name: string): object {
  return {
    roleRef: { apiGroup: GROUP, kind, name },
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAME }],
  };
}
