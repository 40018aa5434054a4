/**
 * Finds a character that can be seen: no space, no control or format character (a zero-width joiner
 * alone shows nothing; an emoji joined by it does), no filler (UAX #44 `Default_Ignorable_Code_Point`,
 * such as U+3164, and U+2800, which is braille without a dot).
 */
export const someVisible = /[^\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u
