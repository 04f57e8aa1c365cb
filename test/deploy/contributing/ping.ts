import type { ClusterQuery } from '../../../src/commands/grammar/declaration.ts';
import { SEE_TARGET } from '../../../src/commands/planning/rights.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';

export const command: ClusterQuery = {
  kind: 'query',
  verb: 'ping',
  summary: 'Whether the cluster answers',
  forms: [[]],
  flags: ['target'],
  examples: ['ping'],
  rights: SEE_TARGET,
  read: () => async (target, cluster) => {
    const snapshot = await cluster.snapshot();
    if (isRefusal(snapshot)) return snapshot;
    return {
      title: `${target.name} answers`,
      parts: [{ kind: 'text', text: `${snapshot.nodes.length} nodes.` }],
    };
  },
};
