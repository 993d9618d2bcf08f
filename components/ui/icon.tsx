const paths = {
  check: 'M3 8.5 6.4 12 13 4.5',
  dash: 'M3.5 8h9',
  cross: 'm4 4 8 8m0-8-8 8',
  hourglass: 'M4 2h8M4 14h8M5 2c0 3.5 3 4 3 6s-3 2.5-3 6M11 2c0 3.5-3 4-3 6s3 2.5 3 6',
  warn: 'M8 2 1.5 13.5h13zM8 6.5v3M8 11.3v.2',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  out: 'M6 3H3v10h10v-3M9 3h4v4M13 3 7.5 8.5',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  down: 'm4 6 4 4 4-4',
  theme: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  card: 'M1.5 3.5h13v9h-13zM1.5 6.5h13M4 10h3',
  undo: 'M6 3 2.5 6.5 6 10M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6',
  plug: 'M5.5 2v3.5M10.5 2v3.5M3.5 5.5h9V8a4.5 4.5 0 0 1-9 0zM8 12.5V15',
  ledger: 'M3.5 2h9v12h-9zM6 5.5h4M6 8h4M6 10.5h2.5',
  refresh: 'M13 3v3.5H9.5M3 13V9.5h3.5M12.6 6.3A5 5 0 0 0 3.8 5M3.4 9.7A5 5 0 0 0 12.2 11',
} as const

export type IconName = keyof typeof paths

/** Decoration beside a word, never instead of one: a button that shows only an icon carries its name itself. */
export function Icon({ name, className = 'size-4' }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      className={`${className} shrink-0`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
