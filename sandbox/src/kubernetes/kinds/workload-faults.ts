import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { kubernetesObjectSchema } from '../kubernetes-object.ts';
import { matchesSelector } from '../label-selector.ts';
import { type Cause, invalidValue, required } from '../status-error.ts';
import { labelSelectorSchema } from './pod-spec.ts';
import { podSpecFaults } from './pod-spec-faults.ts';
import { podTemplateSchema } from './pod-template.ts';

const workloadSchema = kubernetesObjectSchema.extend({
  spec: z
    .looseObject({ selector: labelSelectorSchema.optional(), template: podTemplateSchema.prefault({}) })
    .prefault({}),
});

/** The rules that every workload with a pod template shares. */
export function workloadFaults(object: object, previous: object | undefined): Cause[] {
  const { selector, template } = workloadSchema.parse(object).spec;
  const before = previous && workloadSchema.parse(previous).spec.selector;
  return [
    ...selectorFaults(selector, before),
    ...(selector !== undefined && !matchesSelector(selector, template.metadata.labels ?? {})
      ? [
          invalidValue(
            'spec.template.metadata.labels',
            template.metadata.labels ?? {},
            '`selector` does not match template `labels`',
          ),
        ]
      : []),
    ...podSpecFaults(template.spec, 'spec.template.spec'),
  ];
}

function selectorFaults(selector: object | undefined, before: object | undefined): Cause[] {
  if (selector === undefined) return [required('spec.selector')];
  if (Object.keys(selector).length === 0) {
    return [invalidValue('spec.selector', selector, 'empty selector is invalid for deployment')];
  }
  if (before !== undefined && !isDeepStrictEqual(selector, before)) {
    return [invalidValue('spec.selector', selector, 'field is immutable')];
  }
  return [];
}

/** A count that must not be negative. */
export function countFaults(field: string, value: number): Cause[] {
  return value < 0 ? [invalidValue(field, value, 'must be greater than or equal to 0')] : [];
}
