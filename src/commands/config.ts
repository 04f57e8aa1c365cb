import type { Answer, Part } from '../domain/answer.ts';
import { answersShow } from '../domain/bgp/snapshot.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import { asClause } from '../domain/phrasing.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { ClusterQuery, QueryHandler } from './grammar/declaration.ts';
import { resolveNode } from './planning/find-node.ts';
import { EXEC, SEE_TARGET } from './planning/rights.ts';

/** Step 5 of F5's procedure: the running-config of each TMM pod on a node. Passwords are already removed. */
export const command: ClusterQuery = {
  kind: 'query',
  verb: 'config',
  summary: "The running-config of a node's TMM pods, passwords left out",
  forms: [[{ name: 'NODE', kind: 'node', need: 'required' }]],
  flags: ['target', 'public'],
  examples: ['config worker1.rack.example.com'],
  rights: [...SEE_TARGET, EXEC],
  read,
};

function read(parsed: ParsedCommand): QueryHandler {
  return async (_, cluster): Promise<Answer | Refusal> => {
    const node = await resolveNode(cluster, parsed.args[0] ?? '');
    if (isRefusal(node)) return node;
    const pods = node.snapshot.podsOn(node.name).filter(answersShow);
    if (pods.length === 0) {
      return refuse(
        'no_tmm_pods',
        `No TMM pod on ${node.name} can be queried.`,
        'Type nodes to see where they run.',
      );
    }
    const parts = await Promise.all(
      pods.map(async (pod): Promise<Part[]> => {
        const outcome = await cluster.imish(pod, 'show running-config');
        const text: Part = { kind: 'text', text: pod.name };
        return outcome.ok
          ? [text, { kind: 'preformatted', text: outcome.text }]
          : [text, { kind: 'note', tone: 'unknown', text: `It cannot be read: ${asClause(outcome.why)}.` }];
      }),
    );
    return { title: `Running-config on ${node.name}`, parts: parts.flat() };
  };
}
