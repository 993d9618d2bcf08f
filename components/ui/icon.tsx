const paths = {
  check: 'M3 8.5 6.4 12 13 4.5',
  dash: 'M3.5 8h9',
  cross: 'm4 4 8 8m0-8-8 8',
  hourglass: 'M4 2h8M4 14h8M5 2c0 3.5 3 4 3 6s-3 2.5-3 6M11 2c0 3.5-3 4-3 6s3 2.5 3 6',
  warn: 'M8 2 1.5 13.5h13zM8 6.5v3M8 11.3v.2',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  into: 'M8 2v8M4.5 6.5 8 10l3.5-3.5M2.5 13.5h11',
  out: 'M6 3H3v10h10v-3M9 3h4v4M13 3 7.5 8.5',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  down: 'm4 6 4 4 4-4',
  theme: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  card: 'M1.5 3.5h13v9h-13zM1.5 6.5h13M4 10h3',
  undo: 'M6 3 2.5 6.5 6 10M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6',
  plug: 'M5.5 2v3.5M10.5 2v3.5M3.5 5.5h9V8a4.5 4.5 0 0 1-9 0zM8 12.5V15',
  ledger: 'M3.5 2h9v12h-9zM6 5.5h4M6 8h4M6 10.5h2.5',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  list: 'M6 4h8M6 8h8M6 12h8M2 4l.8.8L4 3.2M2 8l.8.8L4 7.2M2 12l.8.8L4 11.2',
  box: 'M2 5l6-3 6 3v6l-6 3-6-3zM2 5l6 3 6-3M8 8v6',
  shop: 'M2.5 6.5 3.5 2h9l1 4.5M2.5 6.5h11M3.5 6.5V14h9V6.5M6.5 14v-4h3v4',
  scales: 'M8 2v12M5 14h6M3 4.5h10M3 4.5 1 9h4zM13 4.5 11 9h4z',
  horn: 'M2.5 6.5v3h3l5 3.5V3l-5 3.5zM13 6.2a2.6 2.6 0 0 1 0 3.6',
  people:
    'M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.5 14c0-3 2-4.5 4.5-4.5s4.5 1.5 4.5 4.5M11 3a2.2 2.2 0 0 1 0 4.4M12 9.7c1.6.5 2.5 2 2.5 4.3',
  dots: 'M3 8.5a.5.5 0 1 0 0-1 .5.5 0 0 0 0 1ZM8 8.5a.5.5 0 1 0 0-1 .5.5 0 0 0 0 1ZM13 8.5a.5.5 0 1 0 0-1 .5.5 0 0 0 0 1Z',
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
