/**
 * Words of somebody else (a router, an API server) to stand within a sentence: without the full stop that they end with, so that
 * the sentence ends with one. An ellipsis stays.
 */
export function asClause(text: string): string {
  return text.trimEnd().replace(/(?<!\.)\.$/, '');
}
