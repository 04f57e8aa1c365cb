import type { Plan } from './plan.ts';

/** What was looked at when the plan was made and found to be well; what was not well is a warning of the plan. */
export function checksOf({ differences, restarts, warnings, allowOutage }: Plan): readonly string[] {
  const warned = new Set(warnings.map(({ code }) => code));
  const writes = differences.length > 0;
  const adds = differences.some(({ after }) => after !== null);
  const nodes = new Set([...differences, ...restarts].map(({ node }) => node)).size;
  const well: readonly (readonly [boolean, string])[] = [
    [adds, 'every address is one that its lookup takes'],
    [adds && !warned.has('address_shared'), 'no other node has the new peers'],
    [writes, 'the lookup may be written and has room'],
    [writes && !warned.has('lookup_owned'), 'no other tool owns it'],
    [
      nodes > 0 && !warned.has('node_gone') && !warned.has('node_not_ready'),
      nodes === 1 ? 'the node is Ready' : `all ${nodes} nodes are Ready`,
    ],
    [
      restarts.length > 0 && !allowOutage && !warned.has('sole_tmm'),
      'another TMM pod stays while one restarts',
    ],
  ];
  return well.filter(([holds]) => holds).map(([, words]) => words);
}
