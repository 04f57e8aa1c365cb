import type { z } from 'zod';
import type { Fault } from '../domain/fault.ts';
import { suggest } from '../domain/suggest.ts';

/** What zod found, as faults with a path that a person can follow. */
export function faultsOf(error: z.ZodError): readonly Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    const path = pathText(issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const meant = suggest(key, KEYS);
        const remedy = meant === undefined ? 'Take it out.' : `Did you mean ${meant}?`;
        return { path: path === '' ? key : `${path}.${key}`, problem: 'there is no such key', remedy };
      });
    }
    return [{ path: path || 'the file', problem: problemOf(issue), remedy: issue.message }];
  });
}

/** Every fault on a line of its own, with its cure. */
export function describeFaults(source: string, faults: readonly Fault[]): string {
  return faults.map(({ path, problem, remedy }) => `${source}: ${path}: ${problem}. ${remedy}`).join('\n');
}

const KEYS = [
  ...[
    'command',
    'channels',
    'auditChannel',
    'targets',
    'groups',
    'rules',
    'name',
    'context',
    'namespace',
    'tmm',
    'selector',
  ],
  ...[
    'container',
    'separator',
    'timeouts',
    'eviction',
    'successor',
    'session',
    'watchEvery',
    'bgp',
    'values',
    'valuesPath',
    'users',
    'userGroups',
  ],
  ...['commands', 'ask', 'approve', 'approvals', 'approveBy', 'executeBy', 'waiveRollback', 'breakGlass'],
  ...['freezes', 'reason', 'timeZone', 'days', 'from', 'to'],
];

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type')
    return `this should be ${issue.expected === 'array' ? 'a list' : issue.expected}`;
  return 'this is not a valid value';
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
