/** KSNET's shared test store ids (KSPAY smartphone module guide, "테스트 상점"): approvals are real and undone after 3-5 minutes. */
const KSNET_TEST_MIDS: ReadonlySet<string> = new Set([
  '2999199999',
  '2999199990',
  '2999199994',
  '2999199996',
  '2999199997',
])

export const isTestStore = (pg: string, mid: string): boolean => pg === 'KSNET' && KSNET_TEST_MIDS.has(mid)
