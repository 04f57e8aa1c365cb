import fc from 'fast-check';

const SURROGATES_FROM = 0xd800;
const SURROGATES = 0x800;
const CHARACTERS = 0x110000 - SURROGATES;

/**
 * Any character of Unicode, as `unit` of a string: what fast-check's own `unit: 'binary'` draws from, without the table of
 * a million entries that it builds in every test file (1.7 s of processor).
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat(CHARACTERS - 1)
  .map(characterAt, (value) => (typeof value === 'string' ? indexOf(value) : notOne(value)));

function characterAt(index: number): string {
  return String.fromCodePoint(index < SURROGATES_FROM ? index : index + SURROGATES);
}

function indexOf(character: string): number {
  const code = character.codePointAt(0) ?? notOne(character);
  const index = code < SURROGATES_FROM ? code : code - SURROGATES;
  return characterAt(index) === character ? index : notOne(character);
}

/** How fast-check learns that a value is none of these. */
function notOne(value: unknown): never {
  throw new TypeError(`${String(value)} is not one character`);
}
