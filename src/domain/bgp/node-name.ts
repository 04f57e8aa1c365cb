/** A node's `.metadata.name`: a DNS-1123 subdomain of at most 253 characters. */
export function isNodeName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text);
}

/** The full names of which `typed` is the first label, or the first few. */
export function shortNameMatches(parsed: string, names: readonly string[]): readonly string[] {
  const short = parsed.toLowerCase();
  return short === '' ? [] : names.filter((name) => name.startsWith(`${short}.`));
}
