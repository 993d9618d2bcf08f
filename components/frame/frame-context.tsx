'use client'

import { createContext, useContext, type ReactNode } from 'react'
import type { Instant } from '#lib/domain/kst.ts'
import type { Environment } from '#lib/domain/payment.ts'
import type { ChannelView, StoreView } from '#lib/domain/views.ts'

/** What the whole console knows of the person and of what they may see. */
export type Frame = {
  readonly person: { readonly name: string; readonly email: string }
  readonly stores: readonly StoreView[]
  readonly channels: readonly ChannelView[]
  readonly environments: readonly Environment[]
  readonly demo: boolean
  /** Cancellations whose result is not known. */
  readonly confirming: number
  /** Cancellations that wait for a second person. */
  readonly awaitingApproval: number
  /** Tasks whose time has come. */
  readonly tasksDue: number
  /** The stores for which nothing is sent now. */
  readonly stopped: readonly {
    readonly id: string
    readonly store: string
    readonly who: string
    readonly why: string
    readonly since: Instant
  }[]
  readonly may: {
    readonly audit: boolean
    readonly accounts: boolean
    readonly members: boolean
    readonly imports: boolean
    readonly comparisons: boolean
  }
  /** Where this person may ask a gateway for a payment. */
  readonly lookUpStores: readonly string[]
  /** The roles to name where they may not. */
  readonly whoMayLookUp: string
}

const FrameContext = createContext<Frame | null>(null)

export function FrameProvider({ frame, children }: { readonly frame: Frame; readonly children: ReactNode }) {
  return <FrameContext value={frame}>{children}</FrameContext>
}

export function useFrame(): Frame {
  const frame = useContext(FrameContext)
  if (!frame) throw new Error('no frame around this component')
  return frame
}
