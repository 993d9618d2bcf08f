import type { DifferenceItem } from '#lib/domain/views.ts'
import type { Tone } from '../ui/mark.tsx'

export const toneOf = ({ state, kind }: Pick<DifferenceItem, 'state' | 'kind'>): Tone =>
  state === 'CLOSED' ? 'ended' : kind === 'differs' ? 'refused' : 'waiting'
