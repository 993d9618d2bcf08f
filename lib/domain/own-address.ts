/**
 * A wanted address if it is one of this site, else null. Judged as a browser reads it, which takes `\\` for `/` and passes over
 * tabs and line ends: to it `/<tab>/elsewhere.example` is another site. Answered whole, since a path may begin with `//` too.
 */
export function ownAddress(wanted: string | undefined, origin: string): string | null {
  if (wanted === undefined || !URL.canParse(wanted, origin)) return null
  const address = new URL(wanted, origin)
  return address.origin === origin ? address.href : null
}
