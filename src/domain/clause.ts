/**
 * Words of another system (a router, an API server) as part of a sentence: without their final full stop, so that the sentence
 * has only its own. An ellipsis stays.
 */
export function asClause(text: string): string {
  return text.trimEnd().replace(/(?<!\.)\.$/, '');
}
