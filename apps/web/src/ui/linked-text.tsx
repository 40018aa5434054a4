import { textParts } from '../model/text-links.ts'

/** A text whose addresses can be clicked. Each keeps its own direction. */
export function LinkedText({ text }: { readonly text: string }) {
  return textParts(text).map((part, at) =>
    part.href === null ? (
      part.text
    ) : (
      // The same address may stand twice; its place is its key.
      <bdi key={`${at} ${part.text}`}>
        <a href={part.href} target="_blank" rel="noreferrer noopener">
          {part.text}
        </a>
      </bdi>
    ),
  )
}
