import type { KnownBlock } from '@slack/types';
import type { Change, JournalEntry, Step } from '../../../../domain/change.ts';
import { clip } from '../escape.ts';
import { plain, preformatted } from '../parts.ts';
import { cutLines } from '../text-table.ts';

/** What is done, in hand and to come, step by step; nothing before it runs. */
export function progressBlocks(change: Change): readonly KnownBlock[] {
  if (change.journal.length === 0 && change.state !== 'running') return [];
  const lines = stepsOf(change).map(
    ({ words, step }) => `${markOf(step, change)} ${words}${foundOf(step, change)}`,
  );
  const [shown, ...rest] = cutLines(lines, 2_000);
  const hidden = rest.join('\n').split('\n').length;
  const waiting = change.state === 'running' ? change.progress : undefined;
  return [
    ...(shown === undefined
      ? []
      : [preformatted(rest.length === 0 ? shown : `${shown}\n… and ${hidden} more steps`)]),
    ...(waiting === undefined ? [] : [plain(clip(`⏳ ${waiting}`, 600))]),
  ];
}

interface PlannedStep {
  readonly words: string;
  /** What the journal has to show before it is done. */
  readonly step: Step;
}

function stepsOf({ plan }: Change): readonly PlannedStep[] {
  return [
    ...plan.differences.map(
      ({ lookup, node, after }): PlannedStep => ({
        words: `${after === null ? 'remove' : 'write'} ${node} in ${lookup}`,
        step: { kind: 'write', lookup, node },
      }),
    ),
    ...plan.restarts.flatMap(({ node, pods }) =>
      pods.map(
        ({ name, uid }): PlannedStep => ({
          words: `restart ${name} on ${node}`,
          step: { kind: 'check', node, pod: name, uid },
        }),
      ),
    ),
  ];
}

function markOf(step: Step, change: Change): string {
  if (entryOf(step, 'found', change) !== undefined) return '✓';
  const begun =
    entryOf(step, 'intended', change) ??
    (step.kind === 'check' ? entryOf({ ...step, kind: 'evict' }, 'intended', change) : undefined);
  if (begun === undefined) return '·';
  return change.state === 'running' ? '…' : '✗';
}

function foundOf(step: Step, change: Change): string {
  const { found } = entryOf(step, 'found', change) ?? {};
  if (found === undefined || step.kind === 'write') return '';
  return `: ${clip(found, 160)}`;
}

function entryOf(step: Step, phase: JournalEntry['phase'], { journal }: Change): JournalEntry | undefined {
  return journal.find((entry) => entry.phase === phase && keyOf(entry.step) === keyOf(step));
}

function keyOf(step: Step): string {
  return step.kind === 'write' ? `write ${step.lookup} ${step.node}` : `${step.kind} ${step.uid}`;
}
