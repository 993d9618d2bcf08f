/**
 * How a payment's notices leave. `withhold` keeps them back, `deliver` lets them and those kept back go,
 * `duplicate` sends each twice under one id, `reorder` waits for two and sends the newer first.
 */
export const noticeModes = ['deliver', 'withhold', 'duplicate', 'reorder'] as const
export type NoticeMode = (typeof noticeModes)[number]
