import { useEffect, useRef, useState } from 'react'

/** The address, copied where the browser allows it, else selected so that the person can. */
export function AddressToCopy({ address }: { readonly address: string }) {
  const field = useRef<HTMLInputElement>(null)
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    field.current?.select()
    // Absent outside https: the selection is then all we can do.
    if (!('clipboard' in navigator)) return
    navigator.clipboard.writeText(address).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }, [address])
  return (
    <div className="trial">
      <div className="field">
        <input ref={field} readOnly value={address} aria-label="Address of this app" />
      </div>
      <p className="small soft" role="status">
        {isCopied ? 'Copied.' : 'Copy it from here.'}
      </p>
    </div>
  )
}
