import { clsx } from 'clsx'
import { useSyncExternalStore, type ComponentProps } from 'react'

type Look = 'primary' | 'plain' | 'quiet'
type Size = 'normal' | 'small'

const looks: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong disabled:bg-sunk disabled:text-faint',
  plain: 'border border-line bg-paper text-ink hover:border-edge disabled:text-faint disabled:hover:border-line',
  quiet: 'text-accent hover:bg-accent-soft disabled:text-faint disabled:hover:bg-transparent',
}
const sizes: Record<Size, string> = { normal: 'h-9 px-3.5 text-body', small: 'h-7 px-2 text-meta' }

export function buttonClass(look: Look = 'plain', size: Size = 'normal'): string {
  return clsx(
    'inline-flex items-center justify-center gap-1.5 rounded font-medium whitespace-nowrap transition-colors duration-[120ms] disabled:cursor-not-allowed',
    looks[look],
    sizes[size],
  )
}

type Props = ComponentProps<'button'> & { readonly look?: Look; readonly size?: Size }

const never = () => () => {}
/** False until the page can answer to what is pressed. */
const useReady = () =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )

/** One that submits waits for the page: a browser would send the form by itself, and lose what was typed. */
export function Button({ look = 'plain', size = 'normal', className, type = 'button', disabled, ...rest }: Props) {
  const early = !useReady() && type === 'submit'
  return (
    <button type={type} disabled={disabled || early} className={clsx(buttonClass(look, size), className)} {...rest} />
  )
}
