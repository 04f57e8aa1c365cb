/** `1 TMM pod`, `3 TMM pods`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/**
 * Words of another system (a router, an API server) as part of a sentence: without their final full stop, so that the sentence
 * has only its own. An ellipsis stays.
 */
export function asClause(text: string): string {
  return text.trimEnd().replace(/(?<!\.)\.$/, '');
}

/** Words as the beginning of a sentence or a label. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
