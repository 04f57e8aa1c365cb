import fc from 'fast-check';

/**
 * Any text, halves of surrogate pairs included, which have no UTF-8. As `fc.string({ unit: 'binary' })`, which takes more
 * than a second to set up; here the halves and ASCII are likelier than chance has them.
 */
export function anyText(maxLength?: number): fc.Arbitrary<string> {
  return fc.string({ unit: CHARACTER, ...(maxLength === undefined ? {} : { maxLength }) });
}

const CHARACTER = fc
  .oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.integer({ min: 0, max: 0xffff }),
    fc.integer({ min: 0xd800, max: 0xdfff }),
    fc.integer({ min: 0x1_0000, max: 0x10_ffff }),
  )
  .map((point) => String.fromCodePoint(point));
