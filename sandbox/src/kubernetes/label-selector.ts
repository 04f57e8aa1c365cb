import type { LabelSelector, Requirement } from './kinds/pod-spec.ts';
import { badRequest } from './status-error.ts';

type Labels = Readonly<Record<string, string>>;

/** Whether the labels fit a selector object; an empty selector fits everything, an absent one nothing. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  const exact = Object.entries(selector.matchLabels ?? {});
  return (
    exact.every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every((requirement) => matchesRequirement(requirement, labels))
  );
}

export function matchesRequirement({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

const KEY = /^[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?$/;
const SET = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const EQUAL = /^([^=!<>\s]+)\s*(==|=|!=|>|<)\s*(\S*)$/;
const OPERATORS: Readonly<Record<string, string>> = {
  '=': 'In',
  '==': 'In',
  '!=': 'NotIn',
  '>': 'Gt',
  '<': 'Lt',
};

/** Reads the `labelSelector` of a query, as in `app=f5-tmm,tier in (a, b),!old`. */
export function parseLabelSelector(selector: string): (labels: Labels) => boolean {
  const requirements = splitOutsideParentheses(selector).map(parseRequirement);
  return (labels) => requirements.every((requirement) => matchesRequirement(requirement, labels));
}

function parseRequirement(words: string): Requirement {
  const set = SET.exec(words);
  if (set) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    return checked(words, { key: set[1] ?? '', operator: set[2] === 'in' ? 'In' : 'NotIn', values });
  }
  const equal = EQUAL.exec(words);
  if (equal) {
    const operator = OPERATORS[equal[2] ?? ''] ?? '';
    return checked(words, { key: equal[1] ?? '', operator, values: [equal[3] ?? ''] });
  }
  if (words.startsWith('!')) return checked(words, { key: words.slice(1).trim(), operator: 'DoesNotExist' });
  return checked(words, { key: words, operator: 'Exists' });
}

function checked(words: string, requirement: Requirement): Requirement {
  if (KEY.test(requirement.key)) return requirement;
  throw badRequest(`unable to parse requirement: ${JSON.stringify(words)} is not a label requirement`);
}

function splitOutsideParentheses(selector: string): string[] {
  return (selector.match(/(?:[^,(]|\([^)]*\)?)+/g) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
