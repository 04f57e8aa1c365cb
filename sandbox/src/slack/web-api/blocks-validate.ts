import { type Fault, faultMessages } from '../block-kit/fault.ts';
import { type KnownBlocks, validateBlocks } from '../block-kit/validate-blocks.ts';
import { validateView } from '../block-kit/validate-view.ts';
import { jsonArgument } from '../content.ts';
import { isObject } from '../json.ts';
import { answer, type Method, refuse } from './answer.ts';

/** https://docs.slack.dev/reference/methods/blocks.validate: exactly one of blocks, message and view. */
export const validate: Method = ({ args, backend: { knownBlocks } }) => {
  const given = (['blocks', 'message', 'view'] as const).filter((name) => args[name] !== undefined);
  const [name] = given;
  if (name === undefined || given.length > 1) return refuse('invalid_arguments');
  const faults = faultsIn(name, jsonArgument(args, name), knownBlocks);
  if (faults.length === 0) return answer({});
  const refusal = refuse(`invalid_${name}`, faultMessages(faults, name));
  return { body: { ...refusal.body, errors: faults } };
};

function faultsIn(name: 'blocks' | 'message' | 'view', value: unknown, known: KnownBlocks): Fault[] {
  if (name === 'view') return validateView(value, known);
  if (name === 'blocks') return validateBlocks(value, 'message', known);
  const blocks = isObject(value) ? value.blocks : undefined;
  return validateBlocks(blocks, 'message', known).map((fault) => ({
    ...fault,
    pointer: `/blocks${fault.pointer}`,
  }));
}
