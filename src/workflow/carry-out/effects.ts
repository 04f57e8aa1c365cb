import type { Plan } from '../../domain/plan.ts';
import { replaceAtOnce } from './replace-at-once.ts';
import { replacePod } from './replace-pod.ts';
import type { Halt, Run } from './run.ts';
import { writeMapping } from './write-mapping.ts';

/** One guarded step of a plan with the gates behind it. Done twice it changes nothing more. */
export type Effect = (run: Run) => Promise<Halt | undefined>;

/** Node by node, so that a halt leaves the nodes behind it as they were, in the ConfigMap too. */
export function effectsOf(plan: Plan): readonly Effect[] {
  const nodes = [...new Set([...plan.differences, ...plan.restarts].map(({ node }) => node))];
  const effects = nodes.flatMap((node): Effect[] => [
    ...plan.differences
      .filter((difference) => difference.node === node)
      .map(
        (difference): Effect =>
          (run) =>
            writeMapping(run, difference),
      ),
    ...(plan.manner === 'one by one' ? plan.restarts : [])
      .filter((restart) => restart.node === node)
      .flatMap((restart) =>
        restart.pods.map(
          (pod): Effect =>
            (run) =>
              replacePod(run, node, pod, plan.allowOutage),
        ),
      ),
  ]);
  return plan.manner === 'at once' ? [...effects, (run) => replaceAtOnce(run, plan.restarts)] : effects;
}
