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
  const extra = parsed.args.slice(Math.max(...declaration.forms.map((form) => form.length))).join(' ');
  return refuse('unknown_argument', `${declaration.verb} does not take "${extra}".`, usageHint(declaration));
}

/** What to type instead. */
function usageHint(declaration: Declaration): string {
  const { verb, forms } = declaration;
  const usage = forms.map((form) => [verb, ...form.map(argumentUsage)].join(' ')).join(' or ');
  return `Type ${usage}. ${exampleHint(declaration)}`;
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
