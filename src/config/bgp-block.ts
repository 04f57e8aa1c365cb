import type { Fault } from '../domain/fault.ts';
import type { LenientTarget } from './policy-schema.ts';

/** The `bgp` block of a target's Helm values, and its path in the policy file. */
export interface BgpBlock {
  readonly path: string;
  readonly values: unknown;
}

/**
 * Finds the block where it stands: at `valuesPath` where that is given, else in whatever was pasted as `bgp` or `values`, under
 * any prefix, as charts have `tmm.…`, `f5-tmm.tmm.…` and others.
 */
export function bgpBlockOf({ bgp, values, valuesPath }: LenientTarget, where: string): BgpBlock | Fault {
  const pasted = values ?? bgp;
  const root = `${where}.${values === undefined ? 'bgp' : 'values'}`;
  if (valuesPath !== undefined && values !== undefined) {
    const found = dig(values, valuesPath);
    return found === undefined
      ? nothingAt(
          root,
          `there is nothing at ${valuesPath}`,
          'Correct valuesPath, or leave it out: the block is looked for.',
        )
      : { path: `${root}.${valuesPath}`, values: found };
  }
  if (!isRecord(pasted) || 'asn' in pasted || 'neighbors' in pasted) return { path: root, values: pasted };
  const blocks = [...blocksIn(pasted, root, 0)];
  const [first, second] = blocks;
  if (first === undefined)
    return nothingAt(
      root,
      'there is no bgp block in it, which has asn and neighbors',
      'Paste the values that have tmm.dynamicRouting.tmmRouting.config.bgp, or that block alone.',
    );
  if (second === undefined) return first;
  const paths = blocks.map(({ path }) => path.slice(root.length + 1));
  return nothingAt(
    root,
    `there are several bgp blocks in it: ${paths.join(', ')}`,
    'Give them as values, and name the one that is meant as valuesPath.',
  );
}

function nothingAt(path: string, problem: string, remedy: string): Fault {
  return { path, problem, remedy };
}

/** Values are not nested deeper than this. */
const DEEPEST = 16;

function* blocksIn(
  values: Readonly<Record<string, unknown>>,
  path: string,
  depth: number,
): Generator<BgpBlock> {
  if (depth > DEEPEST) return;
  for (const [key, value] of Object.entries(values)) {
    if (!isRecord(value)) continue;
    const at = `${path}.${key}`;
    if (Array.isArray(value.neighbors) || (key === 'bgp' && 'asn' in value))
      yield { path: at, values: value };
    else yield* blocksIn(value, at, depth + 1);
  }
}

function dig(values: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), values);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
