import { z } from 'zod';
import { type Fault, pathText } from '../domain/fault.ts';
import { suggest } from '../domain/suggest.ts';

/** Errors of zod as faults with a readable path; for an unknown key, with the nearest valid one at its place. */
export function faultsOf(error: z.ZodError, schema: z.ZodType): readonly Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    const path = pathText(issue.path);
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(schema, issue.path);
      return issue.keys.map((key) => {
        const meant = suggest(key, known);
        const remedy = meant === undefined ? 'Remove it.' : `Did you mean ${meant}?`;
        return { path: path === '' ? key : `${path}.${key}`, problem: 'there is no such key', remedy };
      });
    }
    return [{ path: path || 'the file', problem: problemOf(issue), remedy: issue.message }];
  });
}

/** Every fault on its own line, with its remedy. */
export function describeFaults(source: string, faults: readonly Fault[]): string {
  return faults.map(({ path, problem, remedy }) => `${source}: ${path}: ${problem}. ${remedy}`).join('\n');
}

/** The keys that an object may have at this path of the schema. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return keysAt(schema.unwrap(), path);
  const [step, ...rest] = path;
  if (schema instanceof z.ZodObject)
    return step === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[step.toString()], rest);
  if (schema instanceof z.ZodArray) return keysAt(schema.element, rest);
  if (schema instanceof z.ZodRecord) return keysAt(schema.valueType, rest);
  return [];
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type')
    return `this should be ${issue.expected === 'array' ? 'a list' : issue.expected}`;
  return 'this is not a valid value';
}
