const KEPT = 50;
const KEY = 'typed';

/** What was sent in this tab of the browser, oldest first. */
export function typedBefore(): readonly string[] {
  const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
  return Array.isArray(kept) ? kept.map(String) : [];
}

export function remember(text: string): void {
  const others = typedBefore().filter((line) => line !== text);
  sessionStorage.setItem(KEY, JSON.stringify([...others, text].slice(-KEPT)));
}
