import type { z } from 'zod';
import { isObject } from '../json.ts';

/** What is wrong with one place of a block, in the shape of `blocks.validate`. */
export interface Fault {
  /** JSON pointer, relative to what was validated: `/0/text/text`. */
  readonly pointer: string;
  readonly code:
    | 'failed_constraint'
    | 'missing_field'
    | 'unknown_field'
    | 'unsupported_type'
    | 'invalid_type';
  readonly message: string;
  readonly constraint?: string;
  readonly field?: string;
}

/** What schema found, in Slack's words. */
export function faultsOf(schema: z.ZodType, value: unknown): Fault[] {
  const parsed = schema.safeParse(value, { reportInput: true });
  return parsed.success ? [] : parsed.error.issues.flatMap(faultsOfIssue);
}

/** The lines that Slack puts into `response_metadata.messages`; root is the argument's name. */
export function faultMessages(faults: readonly Fault[], root: string): string[] {
  return faults.map((fault) => `[ERROR] ${fault.message} [json-pointer:/${root}${fault.pointer}]`);
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function faultsOfIssue(issue: z.core.$ZodIssue): Fault[] {
  const pointer = pointerOf(issue.path);
  const field = fieldOf(issue.path);
  const failed = (message: string, constraint: string): Fault[] => [
    { pointer, code: 'failed_constraint', message, constraint, ...field },
  ];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        pointer,
        code: 'unknown_field',
        message: `invalid additional property: ${key}`,
        field: key,
      }));
    case 'invalid_union':
      return [unsupported(issue.path, issue.input)];
    case 'invalid_type':
      return [issue.input === undefined ? missing(issue.path) : wrongType(issue.path, issue.expected)];
    case 'too_big':
      return failed(tooBig(issue.origin, Number(issue.maximum)), 'max');
    case 'too_small':
      return failed(tooSmall(issue.origin, Number(issue.minimum)), 'min');
    case 'invalid_value':
      return failed(`must be one of: ${issue.values.map(String).join(', ')}`, 'enum');
    default:
      return failed(issue.message, 'format');
  }
}

function missing(path: readonly PropertyKey[]): Fault {
  const name = String(path.at(-1) ?? '');
  return {
    pointer: pointerOf(path.slice(0, -1)),
    code: 'missing_field',
    message: `missing required field: ${name}`,
    field: name,
  };
}

/** The input of such an issue is the whole object, its path ends in the discriminator. */
function unsupported(path: readonly PropertyKey[], input: unknown): Fault {
  const name = String(path.at(-1) ?? 'type');
  const given = isObject(input) ? input[name] : input;
  if (given === undefined) return missing(path);
  const message = `unsupported type: ${String(given)}`;
  return { pointer: pointerOf(path), code: 'unsupported_type', message, field: name };
}

function wrongType(path: readonly PropertyKey[], expected: string): Fault {
  const article = /^[aeiou]/.test(expected) ? 'an' : 'a';
  return {
    pointer: pointerOf(path),
    code: 'invalid_type',
    message: `must provide ${article} ${expected}`,
    ...fieldOf(path),
  };
}

function fieldOf(path: readonly PropertyKey[]): { field?: string } {
  const last = path.at(-1);
  return typeof last === 'string' ? { field: last } : {};
}

function tooBig(origin: string, maximum: number): string {
  if (origin === 'string') return `must be less than ${maximum + 1} characters`;
  if (origin === 'array') return `no more than ${maximum} items allowed`;
  return `must be less than or equal to ${maximum}`;
}

function tooSmall(origin: string, minimum: number): string {
  if (origin === 'string') return `must be more than ${minimum - 1} characters`;
  if (origin === 'array') return `no less than ${minimum} items allowed`;
  return `must be greater than or equal to ${minimum}`;
}
