import { hasTmm } from '../domain/bgp/snapshot.ts';
import { lookupsOf } from '../domain/bgp/target.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import type { Difference, Plan } from '../domain/change/plan.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { ChangeCommand, Planner } from './grammar/declaration.ts';
import { namedLookup } from './planning/choose-lookup.ts';
import { findNode, knownNodes } from './planning/find-node.ts';
import { changeKey, planHead } from './planning/plan-parts.ts';
import { PATCH_LOOKUPS, SEE_TARGET } from './planning/rights.ts';
import { warningsFor } from './planning/warnings.ts';

/** Removes a node from every lookup that has it, or from the one named by `--lookup`. Restarts nothing. */
export const command: ChangeCommand = {
  kind: 'change',
  verb: 'remove',
  summary: 'Remove a node from the mapping; restarts no TMM pod',
  forms: [[{ name: 'NODE', kind: 'node', need: 'required' }]],
  flags: ['lookup', 'target', 'reason', 'dry-run', 'break-glass'],
  examples: ['remove worker3.rack.example.com', 'remove worker3.rack.example.com --lookup spk-tor-bgp'],
  rights: [...SEE_TARGET, PATCH_LOOKUPS],
  read,
};

function read(parsed: ParsedCommand): Planner | Refusal {
  return (target, snapshot): Plan | Refusal => {
    const node = findNode(parsed.args[0] ?? '', knownNodes(snapshot), 'change');
    if (isRefusal(node)) return node;
    const named = namedLookup(target, parsed.flags.lookup);
    if (named !== undefined && isRefusal(named)) return named;
    const references = (named === undefined ? lookupsOf(target) : [named]).filter(({ name }) => {
      const { data = {}, binaryKeys = [] } = snapshot.lookups.get(name) ?? {};
      return data[node.name] !== undefined || binaryKeys.includes(node.name);
    });
    if (references.length === 0) {
      const where = named?.name ?? 'any lookup';
      return refuse('node_not_mapped', `${node.name} is not in ${where}.`, 'Nothing to do.');
    }
    const differences: Difference[] = [];
    for (const reference of references) {
      const difference = changeKey(snapshot, reference, node.name, null);
      if (isRefusal(difference)) return difference;
      differences.push(difference);
    }
    return {
      ...planHead('remove', target, snapshot),
      differences,
      restarts: [],
      strategy: 'none',
      allowOutage: false,
      warnings: [
        ...warningsFor(snapshot, differences, []),
        ...(hasTmm(snapshot, node.name)
          ? [
              {
                code: 'tmm_left_unmapped',
                sentence: `A TMM pod runs on ${node.name}: it keeps its sessions until it restarts, and then has no peer there.`,
              },
            ]
          : []),
      ],
    };
  };
}
