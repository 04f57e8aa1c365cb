import type { Plan } from '../../domain/change/plan.ts';
import { replaceAtOnce } from './replace-at-once.ts';
import { replacePod } from './replace-pod.ts';
import type { Halt, Run } from './run.ts';
import { writeMapping } from './write-mapping.ts';

/** One guarded step of a plan with the gates behind it. Done twice it changes nothing more. */
export type StepRunner = (run: Run) => Promise<Halt | undefined>;

/** Node by node, so that a halt leaves the nodes behind it as they were, in the ConfigMap too. */
export function stepsOf(plan: Plan): readonly StepRunner[] {
  const nodes = [...new Set([...plan.differences, ...plan.restarts].map(({ node }) => node))];
  const effects = nodes.flatMap((node): StepRunner[] => [
    ...plan.differences
      .filter((difference) => difference.node === node)
      .map(
        (difference): StepRunner =>
          (run) =>
            writeMapping(run, difference),
      ),
    ...(plan.strategy === 'rolling' ? plan.restarts : [])
      .filter((restart) => restart.node === node)
      .flatMap((restart) =>
        restart.pods.map(
          (pod): StepRunner =>
            (run) =>
              replacePod(run, node, pod, plan.allowOutage),
        ),
      ),
  ]);
  return plan.strategy === 'all at once' ? [...effects, (run) => replaceAtOnce(run, plan.restarts)] : effects;
}
