import { randomInt } from 'node:crypto';
import type { KubernetesObject } from '../kubernetes-object.ts';
import type { Resource } from '../resource.ts';
import { type Cause, invalidValue, required } from '../status-error.ts';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const RULES = {
  subdomain: {
    pattern: new RegExp(`^${LABEL}(\\.${LABEL})*$`),
    longest: 253,
    rule: `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${LABEL}(\\.${LABEL})*')`,
  },
  label: {
    pattern: new RegExp(`^${LABEL}$`),
    longest: 63,
    rule: `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`,
  },
  path: {
    pattern: /^(?!\.{1,2}$)[^/%]+$/,
    longest: 4096,
    rule: "may not be '.' or '..', nor contain '/' or '%'",
  },
} as const;

/** As Kubernetes has it: no vowels and nothing that looks like another letter. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const MAX_BASE = 58;

/** The base with five random letters. */
export function generatedName(base: string): string {
  return `${base.slice(0, MAX_BASE)}${randomLetters(5)}`;
}

function randomLetters(count: number): string {
  return Array.from({ length: count }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

export function nameFaults({ names }: Resource, { metadata: { name } }: KubernetesObject): Cause[] {
  const { pattern, longest, rule } = RULES[names];
  if (name === '') return [required('metadata.name', 'name or generateName is required')];
  return [
    ...(name.length > longest
      ? [invalidValue('metadata.name', name, `must be no more than ${longest} characters`)]
      : []),
    ...(pattern.test(name) ? [] : [invalidValue('metadata.name', name, rule)]),
  ];
}

const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const LABEL_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

export function labelFaults({ metadata: { labels = {} } }: KubernetesObject): Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...(LABEL_KEY.test(key) ? [] : [invalidValue('metadata.labels', key, 'not a qualified name')]),
    ...(LABEL_VALUE.test(value) ? [] : [invalidValue('metadata.labels', value, LABEL_RULE)]),
  ]);
}
