/** While the first chunk is on its way: the paper alone. It takes too short to draw more. */
export function DoorSkeleton() {
  return <div className="door" aria-busy="true" />
}
