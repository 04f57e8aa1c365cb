import { canonicalAddress } from '../../domain/bgp/address.ts';
import type { ParsedCommand } from '../../domain/change/change.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Argument, ArgumentPattern, Declaration } from './declaration.ts';
import { flagUsage, isFlagName } from './flags.ts';

/** One line per argument pattern: `rotate NODE IP[,IP…] [--lookup NAME]`. */
export function usageOf(declaration: Declaration): readonly string[] {
  const flags = declaration.flags.map((flag) => `[${flagUsage(flag)}]`);
  return declaration.forms.map((form) => [declaration.verb, ...form.map(argumentUsage), ...flags].join(' '));
}

/** Refuses too few or too many words, and flags that this verb does not have. */
export function checkUsage(declaration: Declaration, parsed: ParsedCommand): Refusal | undefined {
  for (const flag of Object.keys(parsed.flags)) {
    if (!isFlagName(flag) || !declaration.flags.includes(flag)) {
      return refuse('unknown_flag', `${declaration.verb} has no flag --${flag}.`, flagHint(declaration));
    }
  }
  if (declaration.forms.some((form) => fits(form, parsed.args.length))) return undefined;
  const fewest = Math.min(...declaration.forms.map(leastWords));
  if (parsed.args.length < fewest) {
    const wanted = declaration.forms.map((form) => form.map(argumentUsage).join(' ')).join(', or ');
    return refuse('missing_argument', `${declaration.verb} needs ${wanted}.`, exampleHint(declaration));
  }
  const most = Math.max(...declaration.forms.map((form) => form.length));
  const extra = parsed.args.slice(most).join(' ');
  const sentence = `${declaration.verb} does not take "${extra}".`;
  const next = isOnePeer(declaration, parsed.args) ? ONE_PEER : usageHint(declaration);
  const refusal = refuse('unknown_argument', sentence, next);
  // After the only id that it takes, people type thanks and reasons.
  const [id = ''] = parsed.args;
  return most === 1 && declaration.forms[0]?.[0]?.kind === 'change'
    ? { ...refusal, meant: { typed: `${id} ${extra}`, name: id } }
    : refusal;
}

const ONE_PEER = 'This is about the whole node. To give it other peers: rotate NODE IP[,IP…]';

/** Whether a change of a node also names an address: `remove worker1 10.20.1.1` must not lead to the removal of all its peers. */
function isOnePeer({ forms, flags }: Declaration, args: readonly string[]): boolean {
  const isChangeOfNode = flags.includes('dry-run') && forms.some(([first]) => first?.kind === 'node');
  return isChangeOfNode && args.some((word) => canonicalAddress(word.replace(/[.,;]$/, '')) !== undefined);
}

/** What to type instead. */
function usageHint(declaration: Declaration): string {
  const { verb, forms } = declaration;
  const usage = forms.map((form) => [verb, ...form.map(argumentUsage)].join(' ')).join(' or ');
  // `unfreeze rack`: what a command without arguments applies to is a flag.
  const bare = forms.every((form) => form.length === 0);
  return `Type ${bare ? usageOf(declaration).join(' or ') : usage}. ${exampleHint(declaration)}`;
}

function exampleHint({ verb, examples: [example] }: Declaration): string {
  const more = `All about it: help ${verb}.`;
  return example === undefined ? more : `For example: ${example} · ${more}`;
}

function flagHint({ verb, flags }: Declaration): string {
  return flags.length === 0 ? `Type ${verb} without flags.` : `It has ${flags.map(flagUsage).join(', ')}.`;
}

function argumentUsage(argument: Argument): string {
  if (argument.need === 'required') return argument.name;
  return argument.need === 'optional' ? `[${argument.name}]` : `${argument.name}…`;
}

function fits(form: ArgumentPattern, words: number): boolean {
  const endless = form.some(
    ({ kind, need }) => need === 'repeated' || kind === 'addresses' || kind === 'words',
  );
  return words >= leastWords(form) && (endless || words <= form.length);
}

function leastWords(form: ArgumentPattern): number {
  return form.filter(({ need }) => need !== 'optional').length;
}
