/** Grey lines where rows will stand. Says nothing itself: the page says that it loads. */
export function Skeleton({ rows, label }: { readonly rows: number; readonly label: string }) {
  return (
    <output aria-label={label} className="grid animate-pulse gap-px py-1">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-9 items-center gap-4 border-b border-line px-2">
          <span className="h-3 w-32 rounded bg-sunk" />
          <span className="h-3 w-20 rounded bg-sunk" />
          <span className="ml-auto h-3 w-24 rounded bg-sunk" />
        </div>
      ))}
    </output>
  )
}
