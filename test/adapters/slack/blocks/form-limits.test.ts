import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { slackLength } from '../../../../src/adapters/slack/blocks/escape.ts';
import { formView, slackOptions, withPreview } from '../../../../src/adapters/slack/blocks/form-blocks.ts';
import type { FormField, FormOption } from '../../../../src/workflow/requests/form-fields.ts';
import type { Form, Preview } from '../../../../src/workflow/requests/forms.ts';
import { anyChange, anyText } from './any-change.ts';
import { expectSlackTakesView } from './as-slack-sees.ts';

const anyOption = fc.record({ value: anyText, label: anyText, description: anyText });
const inputs: readonly FormField['input'][] = ['node', 'nodes', 'change', 'line', 'text', 'channel'];

const anyFields: fc.Arbitrary<readonly FormField[]> = fc
  .tuple(
    fc.array(
      fc.record({ label: anyText, hint: anyText, required: fc.boolean(), input: fc.constantFrom(...inputs) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
    fc.array(fc.stringMatching(/^[a-z-]{1,30}$/), { minLength: 1, maxLength: 120 }),
  )
  .map(([fields, names]) => {
    const options = [...new Set(names)].map((name) => ({
      value: name,
      label: name,
      description: name.repeat(9),
    }));
    return [
      ...fields.map((field, at) => ({
        ...field,
        id: `argument ${at}`,
        label: field.label || 'Field',
        hint: field.hint || 'Hint',
        ...(field.input === 'change' ? { initial: { value: 'BGP-1', label: field.label } } : {}),
        ...(field.input === 'channel' ? { initial: { value: 'C01CHANGES', label: 'x' } } : {}),
      })),
      { id: 'way', label: 'Way', required: true, input: 'way' as const, options, ...firstOf(options) },
      { id: 'lookup', label: 'Lookup', required: false, input: 'choice' as const, options },
      { id: 'switches', label: 'Also', required: false, input: 'switches' as const, options },
    ];
  });

function firstOf(options: readonly FormOption[]): Pick<FormField, 'initial'> {
  const [initial] = options;
  return initial === undefined ? {} : { initial };
}

const anyPreview: fc.Arbitrary<Preview> = fc.oneof(
  fc.constant({ kind: 'empty' as const }),
  anyText.map((field) => ({ kind: 'fault' as const, field })),
  anyText.map((text) => ({
    kind: 'refusal' as const,
    reasonCode: 'guest' as const,
    sentence: text,
    next: text,
  })),
  anyChange.map(({ plan, impact }) => ({
    kind: 'plan' as const,
    plan,
    ...(impact === undefined ? {} : { impact }),
  })),
);

test('Slack takes the form of any command with any preview, and again with another one', () => {
  fc.assert(
    fc.property(anyFields, anyText, anyPreview, anyPreview, (fields, summary, first, second) => {
      const form: Form = { kind: 'form', verb: 'rotate', summary, fields };
      const view = formView(form, JSON.stringify({ channel: 'C1', responseUrl: 'x'.repeat(1_000) }), first);
      expectSlackTakesView(view);
      const again = { ...view, blocks: [...withPreview(view.blocks, second)] };
      expectSlackTakesView(again);
      expect(again.blocks.filter(({ type }) => type === 'input')).toHaveLength(fields.length);
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('Slack takes the options of any nodes and changes', () => {
  fc.assert(
    fc.property(fc.array(anyOption, { maxLength: 150 }), (options) => {
      const taken = slackOptions(options);
      expect(taken.length).toBeLessThanOrEqual(100);
      for (const { text, value, description } of taken) {
        expect(text.text.length).toBeGreaterThan(0);
        expect(slackLength(text.text)).toBeLessThanOrEqual(75);
        expect(slackLength(value ?? '')).toBeLessThanOrEqual(150);
        expect(slackLength(description?.text ?? '')).toBeLessThanOrEqual(75);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
