import canonicalize from 'canonicalize';

/**
 * Canonical JSON (RFC 8785). Plain values, which records nearly always are, take a path of half the time; the result is the same.
 */
export function canonicalJson(value: object): string {
  const sorted = inOrder(value);
  const canonical = sorted === NOT_PLAIN ? canonicalize(value) : JSON.stringify(sorted);
  if (canonical === undefined) throw new Error('writing canonical JSON: the value has none');
  return canonical;
}

const NOT_PLAIN = Symbol('not plain');
/** Keys whose order an object does not keep: numbers, which come first; and the prototype's name. */
const UNORDERED_KEY = /^(?:\d|__proto__$)/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** The same value with its keys in order, when JSON.stringify then writes the canonical form. */
function inOrder(value: unknown): unknown {
  if (typeof value === 'string') return LONE_SURROGATE.test(value) ? NOT_PLAIN : value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : NOT_PLAIN;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object' || 'toJSON' in value) return NOT_PLAIN;
  if (Array.isArray(value)) {
    const items = value.map(inOrder);
    return items.includes(NOT_PLAIN) ? NOT_PLAIN : items;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return NOT_PLAIN;
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const item = inOrder(Reflect.get(value, key));
    if (item === NOT_PLAIN || UNORDERED_KEY.test(key) || LONE_SURROGATE.test(key)) return NOT_PLAIN;
    sorted[key] = item;
  }
  return sorted;
}

/** The value of a JSON text; undefined for anything that is not a string or not JSON, which the caller's schema then refuses. */
export function parseJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The caller says what it expected.
  }
}
