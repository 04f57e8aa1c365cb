/** A node's `.metadata.name`: a DNS-1123 subdomain of at most 253 characters. */
export function isNodeName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text);
}

/** What stands before the first dot: the short name under which people know a node. */
export function firstLabel(name: string): string {
  const dot = name.indexOf('.');
  return dot === -1 ? name : name.slice(0, dot);
}

/** The full names of which `typed` is the first label, or the first few. */
export function shortNameMatches(typed: string, names: readonly string[]): readonly string[] {
  const short = typed.toLowerCase();
  return short === '' ? [] : names.filter((name) => name.startsWith(`${short}.`));
}
