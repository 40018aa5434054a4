import * as fc from 'fast-check'

/** Any text at all: emoji, right to left, zalgo, controls, halves of surrogate pairs. */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength }),
    fc.string({ unit: 'binary', maxLength }),
    fc
      .array(fc.integer({ min: 0xd7f0, max: 0xe00f }), { maxLength })
      .map((units) => String.fromCharCode(...units)),
    fc
      .array(fc.constantFrom('مرحبا', 'שלום', '👨‍👩‍👧‍👦', 'Z̸͎̈́', '\u0000', '"', '\\', '\u202e'), {
        maxLength,
      })
      .map((parts) => parts.join('').slice(0, maxLength)),
  )
