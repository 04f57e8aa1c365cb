import type { Answer, Part } from '../domain/answer.ts';
import type { Typed } from '../domain/change.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { answersShow } from '../domain/snapshot.ts';
import type { ClusterQuestion, Inquiry } from './grammar/declaration.ts';
import { findNode } from './grammar/find-node.ts';
import { knownNodes } from './planning/known-nodes.ts';
import { EXEC, SEE_TARGET } from './planning/rights.ts';

/** Step 5 of the doc: the running-config of each TMM pod on a node. Passwords never come this far. */
export const command: ClusterQuestion = {
  kind: 'question',
  verb: 'config',
  summary: "The running-config of a node's TMM pods, passwords left out",
  forms: [[{ name: 'NODE', kind: 'node', need: 'required' }]],
  flags: ['target'],
  examples: ['config worker1.rack.example.com'],
  rights: [...SEE_TARGET, EXEC],
  read,
};

function read(typed: Typed): Inquiry {
  return async (_, cluster): Promise<Answer | Refusal> => {
    const snapshot = await cluster.snapshot();
    if (isRefusal(snapshot)) return snapshot;
    const node = findNode(typed.args[0] ?? '', knownNodes(snapshot), 'question');
    if (isRefusal(node)) return node;
    const pods = snapshot.pods.filter((pod) => pod.node === node.name && answersShow(pod));
    if (pods.length === 0) {
      return refuse(
        'no_tmm_pods',
        `No TMM pod on ${node.name} can be asked.`,
        'Type nodes to see where they run.',
      );
    }
    const parts = await Promise.all(
      pods.map(async (pod): Promise<Part[]> => {
        const outcome = await cluster.imish(pod, 'show running-config');
        const text: Part = { kind: 'text', text: pod.name };
        return outcome.ok
          ? [text, { kind: 'preformatted', text: outcome.text }]
          : [text, { kind: 'note', tone: 'unknown', text: `It cannot be read: ${outcome.why}` }];
      }),
    );
    return { title: `Running-config on ${node.name}`, parts: parts.flat() };
  };
}
