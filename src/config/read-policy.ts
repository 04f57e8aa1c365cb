import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { type BgpValues, readBgpValues, unknownBgpKeys } from '../domain/bgp/helm-values.ts';
import type { Target } from '../domain/bgp/target.ts';
import type { Fault } from '../domain/fault.ts';
import type { Group, Policy, Rule } from '../domain/policy/policy.ts';
import { faultsOf } from './faults-of.ts';
import { readFreeze } from './freeze-schema.ts';
import { type KnownCommand, lintPolicy } from './lint-policy.ts';
import { overlappingSelectors } from './overlapping-selectors.ts';
import { LENIENT_POLICY, type LenientTarget, POLICY_FILE, requiredApprovalsOf } from './policy-schema.ts';

type File = z.output<typeof POLICY_FILE>;

/** Reads the policy file; reports every fault at once, each with its remedy. `commands` are those of the registry. */
export function readPolicy(yaml: string, commands: readonly KnownCommand[] = []): Policy | readonly Fault[] {
  const file = readYaml(yaml);
  if (!('value' in file)) return [file];
  const parsed = POLICY_FILE.safeParse(file.value);
  if (!parsed.success)
    return [...faultsOf(parsed.error, POLICY_FILE), ...furtherFaults(file.value, parsed.error, commands)];
  const faults: Fault[] = [];
  const targets = parsed.data.targets.flatMap((target, at) => {
    const read = readTarget(target, `targets[${at}]`);
    if (!Array.isArray(read)) return [read];
    faults.push(...read);
    return [];
  });
  if (faults.length === 0) faults.push(...overlappingSelectors(targets));
  faults.push(...lintPolicy(parsed.data, commands));
  const [first, ...more] = targets;
  if (faults.length > 0 || first === undefined) return faults;
  const { command, channels, auditChannel, groups, rules, freezes } = parsed.data;
  return {
    command,
    channels,
    auditChannel,
    targets: [first, ...more],
    groups: new Map(
      Object.entries(groups).map(([name, group]): [string, Group] => [name, { name, ...group }]),
    ),
    rules: rules.map(
      ({ approveBy, executeBy, approve, approvals, ...rule }): Rule => ({
        ...rule,
        requiredApprovals: requiredApprovalsOf({ approve, approvals }),
        approveByMs: approveBy,
        executeByMs: executeBy,
      }),
    ),
    freezes: freezes.map(readFreeze),
  };
}

/** Further faults in the parts with a valid shape, so that the file need not be corrected in rounds. */
function furtherFaults(
  file: unknown,
  error: z.ZodError,
  commands: readonly KnownCommand[],
): readonly Fault[] {
  const lenient = LENIENT_POLICY.safeParse(file);
  if (!lenient.success) return [];
  const misshapen = error.issues.map(({ path }) => `${String(path[0])}[${String(path[1])}]`);
  const found = [
    ...lenient.data.targets.flatMap((target, at) => {
      const read = readBgp(target, `targets[${at}]`);
      return Array.isArray(read) ? read : [];
    }),
    ...lintPolicy(lenient.data, commands),
  ];
  return found.filter(({ path }) => !misshapen.some((part) => path.startsWith(part)));
}

function readTarget(target: File['targets'][number], where: string): Target | Fault[] {
  const { context, namespace, name, separator, timeouts, watchEvery } = target;
  const bgp = readBgp(target, where);
  if (Array.isArray(bgp)) return bgp;
  const unknownValues = unknownKeysOf(target, where);
  return {
    name,
    namespace,
    ...(context === undefined ? {} : { context }),
    tmm: {
      namespace: target.tmm.namespace ?? namespace,
      selector: target.tmm.selector,
      container: target.tmm.container,
    },
    separator,
    timeouts: {
      evictionTimeoutMs: timeouts.eviction,
      replacementTimeoutMs: timeouts.successor,
      sessionTimeoutMs: timeouts.session,
      holdTimeMs: timeouts.hold,
    },
    driftCheckEveryMs: watchEvery,
    bgp,
    ...(unknownValues.length === 0 ? {} : { unknownValues }),
  };
}

function unknownKeysOf(target: LenientTarget, where: string): readonly string[] {
  const found = bgpBlockOf(target, where);
  return 'problem' in found ? [] : unknownBgpKeys(found.values).map((key) => `${found.path}.${key}`);
}

function readBgp(target: LenientTarget, where: string): BgpValues | Fault[] {
  const found = bgpBlockOf(target, where);
  if ('problem' in found) return [found];
  const bgp = readBgpValues(found.values);
  if (!('neighbors' in bgp))
    return bgp.map((fault) => ({
      ...fault,
      path: fault.path === '' ? found.path : `${found.path}.${fault.path}`,
    }));
  return bgp;
}

/** The value of a YAML text, or where its syntax is wrong. Never throws. */
function readYaml(text: string): { readonly value: unknown } | Fault {
  const document = parseDocument(text, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) return notYaml(broken.message, broken.linePos?.[0].line);
  try {
    return { value: document.toJS() };
  } catch (error) {
    // An alias without an anchor, or aliases that expand without end.
    return notYaml(error instanceof Error ? error.message : '', undefined);
  }
}

function notYaml(message: string, line: number | undefined): Fault {
  return {
    path: line === undefined ? 'the file' : `line ${line}`,
    problem: 'it is not YAML',
    remedy: message.split('\n')[0] ?? '',
  };
}

/** The `bgp` block of a target's Helm values, and its path in the policy file. */
interface BgpBlock {
  readonly path: string;
  readonly values: unknown;
}

/**
 * Finds the block at `valuesPath` if given, else anywhere in the pasted `bgp` or `values`, under any prefix: charts use `tmm.…`,
 * `f5-tmm.tmm.…` and others.
 */
function bgpBlockOf({ bgp, values, valuesPath }: LenientTarget, where: string): BgpBlock | Fault {
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

/** Maximum depth of the search. */
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
