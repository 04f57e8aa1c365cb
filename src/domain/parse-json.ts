/** The value of a JSON text; undefined for what is no text or no JSON, which the caller's schema then refuses. */
export function parseJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The caller says what it expected.
  }
}
