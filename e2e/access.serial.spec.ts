// The permission matrix, cell by cell, through raw HTTP: every action and every route, own store and another's.
// Serial, since each counts what exists before and after.
import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { withDatabase } from './database.ts'
import { expect, test } from './fixtures.ts'
import { fillSheet, idOf, newPayment, openPayment, OTHER_STORE, viewOf } from './payments.ts'
import { newKcpShop } from './kcp.ts'
import type { Role } from './people.ts'
import { actionId, actions, pages, routes } from './reachable.ts'
import { waitingAt, type Waiting } from './waiting.ts'

type Answer =
  | 'ok'
  | 'permission.missing'
  | 'missing'
  | 'request.invalid'
  | 'setup.done'
  | 'session.wrong_code'
  | 'cancellation.not_closable'
  | 'account_check.gateway_can'
  | 'shipment.not_allowed'
  | 'comparison.begun'
  | 'difference.closed'
/** For the viewer, operator, manager and owner in turn. */
type Row = { readonly own: readonly Answer[]; readonly other: readonly Answer[] }
const from = (least: 'viewer' | 'operator' | 'manager' | 'owner', permitted: Answer = 'ok'): Row => {
  const order = ['viewer', 'operator', 'manager', 'owner']
  const own = order.map((role) => (order.indexOf(role) >= order.indexOf(least) ? permitted : 'permission.missing'))
  return { own, other: ['missing', 'missing', 'missing', permitted] }
}
const ownerOnly = from('owner')
/** Belongs to no store, so there is nothing to hide. */
const anywhere = { own: ownerOnly.own, other: ownerOnly.own }

const nobody = ['missing', 'missing', 'missing', 'missing'] as const

const shippers = ['permission.missing', 'ok', 'ok', 'ok'] as const

const everybody = (answer: Answer): Row => {
  const four = [answer, answer, answer, answer]
  return { own: four, other: four }
}
/** An owner may, and there is none of that id. */
const ownersOfNone: Row = {
  own: ['permission.missing', 'permission.missing', 'permission.missing', 'missing'],
  other: ['permission.missing', 'permission.missing', 'permission.missing', 'missing'],
}

const actionRows: Record<string, Row> = {
  stepUpAction: everybody('request.invalid'),
  endOwnSessionAction: everybody('missing'),
  changePasswordAction: everybody('request.invalid'),
  renewRecoveryCodesAction: everybody('request.invalid'),
  turnOffSecondFactorAction: everybody('ok'),
  startSecondFactorAction: everybody('ok'),
  confirmSecondFactorAction: everybody('session.wrong_code'),
  acceptInvitationAction: everybody('missing'),
  inviteMemberAction: anywhere,
  revokeInvitationAction: ownersOfNone,
  updateMemberAction: ownersOfNone,
  disableMemberAction: ownersOfNone,
  unlockMemberAction: ownersOfNone,
  resetPasswordAction: ownersOfNone,
  resetSecondFactorAction: ownersOfNone,
  endMemberSessionsAction: ownersOfNone,
  requireSecondFactorAction: anywhere,
  requestCancellationAction: from('operator'),
  withdrawCancellationAction: from('operator'),
  approveCancellationAction: from('manager'),
  rejectCancellationAction: from('manager'),
  // Permitted, but what it is asked about has not been sent.
  askNowAction: from('operator', 'cancellation.not_closable'),
  proposeResolutionAction: from('manager'),
  decideResolutionAction: from('manager'),
  checkAccountAction: from('operator'),
  uploadEvidenceAction: from('operator'),
  proposeAccountProofAction: from('operator', 'account_check.gateway_can'),
  confirmAccountProofAction: from('manager'),
  stopSendingAction: from('manager'),
  resumeSendingAction: from('manager'),
  updateStoreAction: ownerOnly,
  lookUpPaymentAction: from('operator'),
  refreshPaymentAction: from('operator'),
  revealPersonalAction: from('manager'),
  decideDepositAction: from('manager'),
  addMemoAction: from('operator'),
  recordHandRefundAction: from('manager'),
  createExportAction: from('manager'),
  requestShipmentAction: from('operator'),
  // Permitted, but PortOne holds back no settlement, and the order named has ended.
  holdSettlementAction: from('operator', 'shipment.not_allowed'),
  endShipmentAction: from('operator', 'shipment.not_allowed'),
  markEscrowAction: from('operator'),
  // A file names payments, not a store: those of others are not found in it.
  previewShipmentsAction: { own: shippers, other: shippers },
  registerShipmentsAction: { own: shippers, other: shippers },
  resolveTaskAction: from('operator'),
  cancelCashReceiptAction: from('operator'),
  issueCashReceiptAction: from('operator'),
  shareReceiptAction: from('operator'),
  revokeReceiptAction: from('operator'),
  createStoreAction: anywhere,
  createAccountAction: anywhere,
  updateAccountAction: ownerOnly,
  testAccountAction: ownerOnly,
  renewNoticeAddressAction: ownerOnly,
  createChannelAction: ownerOnly,
  updateChannelAction: ownerOnly,
  createTokenAction: ownerOnly,
  revokeTokenAction: ownerOnly,
  previewImportAction: from('manager'),
  importPaymentsAction: from('manager'),
  uploadComparisonPartAction: from('operator'),
  // Permitted, but the one named was compared to its end, and the difference closed.
  previewComparisonAction: from('operator', 'comparison.begun'),
  startComparisonAction: from('operator'),
  continueComparisonAction: from('operator'),
  assignDifferenceAction: from('operator'),
  explainDifferenceAction: from('operator'),
  closeDifferenceAction: from('operator', 'difference.closed'),
  recordDifferenceAction: from('manager', 'difference.closed'),
  takeDifferenceAction: from('manager', 'difference.closed'),
  createFirstOwnerAction: {
    own: ['setup.done', 'setup.done', 'setup.done', 'setup.done'],
    other: ['setup.done', 'setup.done', 'setup.done', 'setup.done'],
  },
}
const routeRows: Record<string, Row> = {
  'GET /api/session': everybody('ok'),
  'POST /api/session': everybody('ok'),
  'GET /api/payments': { own: ['ok', 'ok', 'ok', 'ok'], other: ['ok', 'ok', 'ok', 'ok'] },
  'GET /api/payments/[id]': from('viewer'),
  'GET /api/payments/[id]/preview': from('operator'),
  'GET /api/cancellations': { own: ['ok', 'ok', 'ok', 'ok'], other: ['ok', 'ok', 'ok', 'ok'] },
  // The evidence named is nobody's.
  'GET /api/evidence/[id]': { own: nobody, other: nobody },
  'GET /api/payments/totals': { own: ['ok', 'ok', 'ok', 'ok'], other: ['ok', 'ok', 'ok', 'ok'] },
  'GET /api/escrow': { own: ['ok', 'ok', 'ok', 'ok'], other: ['ok', 'ok', 'ok', 'ok'] },
  'GET /api/escrow/due': { own: shippers, other: shippers },
  'GET /api/today': { own: ['ok', 'ok', 'ok', 'ok'], other: ['ok', 'ok', 'ok', 'ok'] },
  'GET /api/exports': {
    own: ['permission.missing', 'permission.missing', 'ok', 'ok'],
    other: ['permission.missing', 'permission.missing', 'ok', 'ok'],
  },
  // Only its maker's own, so for everybody else there is none.
  'GET /api/exports/[id]': { own: nobody, other: nobody },
  'GET /api/exports/[id]/download': { own: nobody, other: nobody },
  'GET /api/comparisons/differences': { own: shippers, other: shippers },
  // The difference named is nobody's.
  'GET /api/comparisons/differences/[id]': { own: nobody, other: nobody },
  'GET /api/tasks': { own: ['ok', 'ok', 'ok', 'ok'], other: ['ok', 'ok', 'ok', 'ok'] },
  'GET /api/audit': {
    own: ['permission.missing', 'permission.missing', 'ok', 'ok'],
    other: ['permission.missing', 'permission.missing', 'ok', 'ok'],
  },
}
/** Without a person: the sign-in itself, the gateways' door (signature), and the sign of life. */
const openRoutes = [
  'GET /api/auth/[...nextauth]',
  'POST /api/auth/[...nextauth]',
  'POST /gateways/portone/[accountId]/webhook',
  // By an address that nobody can guess: e2e/deposit.spec.ts.
  'POST /gateways/kcp/[accountId]/notice/[address]',
  // The same, by both verbs: e2e/ksnet-inbound.spec.ts.
  'GET /gateways/ksnet/[accountId]/notice/[address]',
  'POST /gateways/ksnet/[accountId]/notice/[address]',
  // By a store's token: e2e/tell.spec.ts.
  'POST /api/v1/payments',
  'GET /api/health',
]
const pageRows = [
  '/me',
  '/members',
  '/members/[id]',
  '/second-factor',
  '/invite/[token]',
  '/stores',
  '/today',
  '/',
  '/login',
  '/setup',
  '/payments',
  '/payments/[id]',
  '/cancellations',
  '/escrow',
  '/imports',
  '/comparisons',
  '/comparisons/[id]',
  '/notices',
  '/tasks',
  '/receipts/[number]',
  '/r/[token]',
  '/accounts',
  '/audit',
]

test.use({ expectedConsoleErrors: [/status of 40[34]/] })

test('every action, route and page of the code has a row', () => {
  expect(actions().toSorted()).toEqual(Object.keys(actionRows).toSorted())
  expect(routes().toSorted()).toEqual([...Object.keys(routeRows), ...openRoutes].toSorted())
  expect(pages().toSorted()).toEqual(pageRows.toSorted())
})

const result = z.union([
  z.object({ ok: z.literal(true) }).transform(() => 'ok'),
  z.object({ ok: z.literal(false), problem: z.object({ code: z.string() }) }).transform(({ problem }) => problem.code),
])

async function act(page: Page, name: string, input: unknown): Promise<string> {
  const response = await page.request.post('/payments', {
    headers: { 'Next-Action': actionId(name), 'Content-Type': 'text/plain;charset=UTF-8' },
    data: JSON.stringify([input]),
  })
  const line = (await response.text()).split('\n').find((text) => text.startsWith('1:'))
  if (line === undefined) throw new Error(`${name}: ${response.status()}`)
  return result.parse(JSON.parse(line.slice(2)))
}

const asAnswer = (code: string) => (code.endsWith('.not_found') ? 'missing' : code)
const roles = ['viewer', 'operator', 'manager', 'owner'] as const satisfies readonly Role[]

type Side = {
  readonly storeId: string
  readonly waiting: Waiting
  readonly accountId: string
  readonly channelId: string
  readonly paymentId: string
  readonly gatewayPaymentId: string
  readonly cancellationId: string
  readonly escrowId: string
  /** By account: one with a cash receipt, one without. */
  readonly receiptId: string
  readonly noReceiptId: string
  readonly taskId: string
  readonly linkId: string
  readonly depositId: string
  readonly tokenId: string
  readonly kcpAccountId: string
  readonly comparisonId: string
  readonly differenceId: string
  readonly closedDifferenceId: string
  readonly shipmentId: string
}

/** A store with a payment, and an intent that is not sent: it waits for a sequence number that the test took away. */
async function side(owner: Page, control: Parameters<typeof newPayment>[0], other: boolean): Promise<Side> {
  const there = other ? OTHER_STORE : {}
  const taken = async (wish: Record<string, unknown>) => {
    const made = await newPayment(control, { ...wish, ...there })
    return { id: await idOf(owner, made), gatewayPaymentId: made.paymentId }
  }
  const byAccount = { amount: 9_000, method: 'VIRTUAL_ACCOUNT' }
  const [payment, escrow, receipt, noReceipt, toWithdraw, ...five] = await Promise.all([
    taken({ amount: 9_000 }),
    taken({ amount: 1_000, escrow: true, customer: { name: '홍길동', email: 'hong@example.com' } }),
    taken({ ...byAccount, cashReceipt: { type: 'PERSONAL', number: '01012341234' } }),
    taken(byAccount),
    ...Array.from({ length: 6 }, () => taken({ amount: 500 })),
  ])
  if (!toWithdraw) throw new Error('no payment')
  const { id: paymentId, gatewayPaymentId } = payment
  return withDatabase(async (client) => {
    const { rows } = await client.query<{ storeId: string; accountId: string; channelId: string; ownerId: string }>(
      `SELECT p."storeId", c."accountId", p."channelId", u.id AS "ownerId" FROM "Payment" p JOIN "Channel" c ON c.id = p."channelId", "User" u WHERE p.id = $1 AND u.email = 'owner@example.com'`,
      [paymentId],
    )
    const [row] = rows
    if (!row) throw new Error('no payment')
    const cancellationId = randomUUID()
    // Nothing sends what waits for a second person, so it can be withdrawn at leisure.
    await client.query(
      `INSERT INTO "Cancellation" (id, "paymentId", "storeId", "channelId", kind, state, amount, "taxFree", partial, "remainderShown", "remainderTaxFreeShown", reason, token, "inputHash", "requestedById", "requestedAt")
       VALUES ($1, $2, $3, $4, 'CANCEL', 'AWAITING_APPROVAL', 100, 0, true, 500, 0, 'test', gen_random_uuid()::text, '', $5, now())`,
      [cancellationId, toWithdraw.id, row.storeId, row.channelId, row.ownerId],
    )
    const depositId = randomUUID()
    await client.query(
      `INSERT INTO "Deposit" (id, "storeId", "accountId", "paymentId", key, kind, amount, at, state, why, "seenAt") VALUES ($1::uuid, $2, $3, $4, $1::uuid::text, 'deposit', 100, now(), 'UNVERIFIED', 'not_awaited', now())`,
      [depositId, row.storeId, row.accountId, noReceipt.id],
    )
    const [taskId, linkId, tokenId] = [randomUUID(), randomUUID(), randomUUID()]
    await client.query(
      `INSERT INTO "ApiToken" (id, "storeId", name, hash, "endsIn", scopes, "createdById", "createdAt") VALUES ($1, $2, 'side', gen_random_uuid()::text, 'side', '{}', $3, now())`,
      [tokenId, row.storeId, row.ownerId],
    )
    await client.query(
      `INSERT INTO "Task" (id, "storeId", "paymentId", kind, key, facts, "dueAt", "createdAt") VALUES ($1, $2, $3, 'outside_cancel', 'matrix', '{}', now(), now())`,
      [taskId, row.storeId, paymentId],
    )
    await client.query(
      `INSERT INTO "ReceiptLink" (id, "storeId", "paymentId", "createdById", "createdAt", "expiresAt") VALUES ($1, $2, $3, $4, now(), now() + interval '1 day')`,
      [linkId, row.storeId, paymentId, row.ownerId],
    )
    const shipmentId = randomUUID()
    await client.query(
      `INSERT INTO "Shipment" (id, "storeId", "paymentId", kind, company, "trackingNumber", "sentAt", state, "inputHash", "requestedById", "requestedAt") VALUES ($1, $2, $3, 'register', 'CJ', '000123456789', now(), 'WITHDRAWN', '', $4, now())`,
      [shipmentId, row.storeId, paymentId, row.ownerId],
    )
    const [comparisonId, differenceId, closedDifferenceId] = [randomUUID(), randomUUID(), randomUUID()]
    await client.query(
      `INSERT INTO "Comparison" (id, "storeId", "channelId", "fileName", sha256, "fromDay", "toDay", state, "byId", at) VALUES ($1, $2, $3, 'side.csv', '', '2024-11-20', '2024-11-20', 'DONE', $4, now())`,
      [comparisonId, row.storeId, row.channelId, row.ownerId],
    )
    for (const [id, state] of [
      [differenceId, 'OPEN'],
      [closedDifferenceId, 'CLOSED'],
    ] as const)
      await client.query(
        `INSERT INTO "Difference" (id, "storeId", "channelId", pg, mid, number, key, kind, whys, facts, "paymentId", "comparisonId", "foundAt", state, "closedBy", "closedAt") SELECT $1::uuid, $2, $3, pg, mid, '', $1::uuid::text, 'only_here', '{}', '{"layout":"payments","from":"2024-11-20","to":"2024-11-20","told":null,"ours":null,"unknown":[]}', id, $5, now(), $6::text, CASE $6::text WHEN 'CLOSED' THEN 'match' END, CASE $6::text WHEN 'CLOSED' THEN now() END FROM "Payment" WHERE id = $4`,
        [id, row.storeId, row.channelId, paymentId, comparisonId, state],
      )
    return {
      comparisonId,
      differenceId,
      closedDifferenceId,
      shipmentId,
      receiptId: receipt.id,
      noReceiptId: noReceipt.id,
      taskId,
      linkId,
      depositId,
      tokenId,
      kcpAccountId: (await newKcpShop(row.storeId)).accountId,
      storeId: row.storeId,
      waiting: await waitingAt(
        client,
        row,
        five.map(({ id }) => id),
      ),
      accountId: row.accountId,
      channelId: row.channelId,
      paymentId,
      gatewayPaymentId,
      cancellationId,
      escrowId: escrow.id,
    }
  })
}

/** As the demo has it: other tests rely on it meanwhile. */
const SEEDED = { vaRefund: true, easyPay: true, instalments: true, escrowDelivery: true, mobile: true }

/** Another each time: how often one may be asked about in a day is limited. */
const anyAccount = () => String(Math.floor(1e11 + Math.random() * 9e11))

const shipmentOf = (at: Side) => ({
  id: randomUUID(),
  paymentId: at.escrowId,
  kind: 'register',
  courier: 'ETC',
  trackingNumber: 'MATRIX0001',
  sentAt: new Date().toISOString(),
  sendEmail: false,
})
/** A file whose one row cannot be taken. */
const importOf = (at: Side) => ({
  accountId: at.kcpAccountId,
  content: Buffer.from('거래번호,거래금액,승인일시\n1,1000,2024-11-20 10:00').toString('base64'),
  columns: { number: '거래번호', amount: '거래금액', approvedAt: '승인일시' },
  allMethod: 'CARD',
})
const inputs: Record<string, (at: Side) => object> = {
  requestShipmentAction: shipmentOf,
  holdSettlementAction: (at) => ({ id: randomUUID(), paymentId: at.escrowId, reason: 'matrix' }),
  endShipmentAction: (at) => ({ id: at.shipmentId, happened: true, note: 'matrix' }),
  markEscrowAction: (at) => ({ paymentId: at.escrowId, asked: true }),
  previewShipmentsAction: () => ({
    content: Buffer.from('결제번호,택배사,운송장번호\nmatrix,CJ,000123456789').toString('base64'),
  }),
  registerShipmentsAction: (at) => ({ rows: [shipmentOf(at)] }),
  // A try with a wrong password would count against signing in.
  stepUpAction: () => ({ password: 'x'.repeat(201) }),
  endOwnSessionAction: () => ({ sessionId: randomUUID() }),
  changePasswordAction: () => ({ old: 'x', password: 'short' }),
  renewRecoveryCodesAction: () => ({}),
  turnOffSecondFactorAction: () => ({}),
  startSecondFactorAction: () => ({}),
  confirmSecondFactorAction: () => ({ code: '' }),
  acceptInvitationAction: () => ({ token: 'none', name: 'matrix', password: 'a long password' }),
  inviteMemberAction: (at) => ({
    email: `${randomUUID()}@example.com`,
    name: 'matrix',
    owner: false,
    grants: [{ storeId: at.storeId, role: 'VIEWER' }],
  }),
  revokeInvitationAction: () => ({ invitationId: randomUUID() }),
  updateMemberAction: () => ({ userId: randomUUID(), owner: false, grants: [] }),
  disableMemberAction: () => ({ userId: randomUUID(), disabled: true }),
  unlockMemberAction: () => ({ userId: randomUUID() }),
  resetPasswordAction: () => ({ userId: randomUUID() }),
  resetSecondFactorAction: () => ({ userId: randomUUID() }),
  endMemberSessionsAction: () => ({ userId: randomUUID() }),
  requireSecondFactorAction: () => ({ required: false }),
  requestCancellationAction: (at) => ({
    id: randomUUID(),
    paymentId: at.paymentId,
    amount: 100,
    taxFree: 0,
    reason: 'matrix',
    remainder: 9_000,
    remainderTaxFree: 0,
  }),
  withdrawCancellationAction: (at) => ({ id: at.cancellationId }),
  approveCancellationAction: ({ waiting }) => ({ id: waiting.first, snapshotHash: waiting.snapshotHash }),
  rejectCancellationAction: ({ waiting }) => ({ id: waiting.second, note: 'matrix' }),
  askNowAction: (at) => ({ id: at.cancellationId }),
  proposeResolutionAction: ({ waiting }) => ({
    cancellationId: waiting.stuckId,
    happened: true,
    evidence: { kind: 'approval_number', approvalNumber: '1', again: '1' },
    note: 'matrix',
  }),
  decideResolutionAction: ({ waiting }) => ({ id: waiting.resolutionId, agree: true }),
  checkAccountAction: (at) => ({ paymentId: at.paymentId, bank: '88', number: anyAccount(), holder: '홍길동' }),
  uploadEvidenceAction: (at) => ({ paymentId: at.paymentId, name: 'matrix.png', data: 'iVBORw0KGgo=' }),
  proposeAccountProofAction: (at) => ({
    paymentId: at.paymentId,
    bank: '88',
    number: '110123456789',
    holder: '홍길동',
    evidenceId: randomUUID(),
  }),
  confirmAccountProofAction: ({ waiting }) => ({ checkId: waiting.checkId, agree: true }),
  stopSendingAction: (at) => ({ storeId: at.waiting.storeId, why: 'matrix' }),
  resumeSendingAction: (at) => ({ storeId: at.waiting.storeId }),
  updateStoreAction: (at) => ({
    storeId: at.waiting.storeId,
    name: 'matrix desk',
    approvalAbove: 200_000,
    approvalMethods: [],
    approvalRoles: [],
    stepUpAbove: 1_000_000,
    personDayAmount: null,
    personDayCount: null,
    oneAfterDay: false,
    sendAtOnce: [],
  }),
  lookUpPaymentAction: (at) => ({ channelId: at.channelId, q: at.gatewayPaymentId }),
  refreshPaymentAction: (at) => ({ paymentId: at.paymentId }),
  decideDepositAction: (at) => ({ id: at.depositId, confirm: false, note: 'matrix' }),
  revealPersonalAction: (at) => ({ paymentId: at.paymentId, field: 'name', reason: 'matrix' }),
  addMemoAction: (at) => ({ paymentId: at.paymentId, text: 'matrix' }),
  recordHandRefundAction: (at) => ({
    paymentId: at.paymentId,
    amount: 100,
    paidOn: '2026-01-02',
    how: 'matrix',
    why: 'matrix',
  }),
  createExportAction: (at) => ({
    what: 'payments',
    format: 'csv',
    filter: { store: at.storeId },
    reason: 'matrix',
  }),
  resolveTaskAction: (at) => ({ id: at.taskId, note: 'matrix' }),
  cancelCashReceiptAction: (at) => ({ id: randomUUID(), paymentId: at.receiptId }),
  issueCashReceiptAction: (at) => ({
    id: randomUUID(),
    paymentId: at.noReceiptId,
    type: 'PERSONAL',
    identityNumber: '01012341234',
    amount: 9_000,
    taxFree: 0,
  }),
  shareReceiptAction: (at) => ({ paymentId: at.paymentId, days: 1 }),
  revokeReceiptAction: (at) => ({ id: at.linkId }),
  createStoreAction: () => ({ name: `matrix ${randomUUID()}` }),
  createAccountAction: (at) => ({
    storeId: at.storeId,
    gateway: 'portone',
    mode: 'portone',
    environment: 'sandbox',
    name: 'matrix',
    fields: {
      storeId: 'store-99999999-0000-4000-8000-000000000009',
      apiSecret: 'matrix-secret-000',
      webhookSecret: 'whsec_bWF0cml4LXdlYmhvb2stc2VjcmV0LTAwMDA=',
    },
  }),
  updateAccountAction: (at) => ({ accountId: at.accountId, name: '포트원', fields: {} }),
  testAccountAction: (at) => ({ accountId: at.accountId }),
  renewNoticeAddressAction: (at) => ({ accountId: at.kcpAccountId }),
  createChannelAction: (at) => ({
    accountId: at.accountId,
    name: 'matrix',
    key: `channel-key-${randomUUID()}`,
    mid: '2041700999',
  }),
  updateChannelAction: (at) => ({ channelId: at.channelId, name: 'KSNET', contract: SEEDED }),
  createTokenAction: (at) => ({ storeId: at.storeId, name: 'matrix' }),
  revokeTokenAction: (at) => ({ tokenId: at.tokenId }),
  previewImportAction: (at) => ({ ...importOf(at), columns: null }),
  importPaymentsAction: (at) => ({ ...importOf(at), id: randomUUID(), fileName: 'matrix.csv', from: 0, count: 1 }),
  uploadComparisonPartAction: (at) => ({
    id: randomUUID(),
    channelId: at.channelId,
    fileName: 'matrix.csv',
    index: 0,
    content: '',
  }),
  previewComparisonAction: (at) => ({ id: at.comparisonId, meaning: null }),
  startComparisonAction: (at) => ({
    id: at.comparisonId,
    meaning: { columns: { number: 'a', amount: 'b', approvedAt: 'c' }, layout: 'payments', allMethod: null },
    from: '2024-11-20',
    to: '2024-11-20',
  }),
  continueComparisonAction: (at) => ({ id: at.comparisonId }),
  assignDifferenceAction: (at) => ({ id: at.differenceId, assigneeId: null }),
  explainDifferenceAction: (at) => ({ id: at.differenceId, text: 'matrix' }),
  closeDifferenceAction: (at) => ({ id: at.closedDifferenceId, text: 'matrix' }),
  recordDifferenceAction: (at) => ({ id: at.closedDifferenceId, amount: 100, before: 0 }),
  takeDifferenceAction: (at) => ({ id: at.closedDifferenceId }),
  createFirstOwnerAction: () => ({
    code: 'none',
    email: 'someone@example.com',
    name: 'someone',
    password: 'a long password',
  }),
}

for (const where of ['own', 'other'] as const) {
  for (const [index, role] of roles.entries()) {
    test(`${role} at ${where === 'own' ? 'the own store' : "another's store"}: each action answers as its row says, and a refusal has no effect`, async ({
      owner,
      manager,
      operator,
      viewer,
      control,
    }) => {
      const page = { owner, manager, operator, viewer }[role]
      const at = await side(owner, control, where === 'other')
      await onlyThePermissionDecides()
      for (const [name, row] of Object.entries(actionRows)) {
        const input = inputs[name]
        if (!input) throw new Error(`no input for ${name}`)
        const before = await effects()
        const answer = asAnswer(await act(page, name, input(at)))
        expect(answer, name).toBe(row[where][index])
        if (answer !== 'ok') expect(await effects(), name).toEqual(before)
      }
      await onlyThePermissionDecides()
    })
  }
}

/** Not how often: a whole matrix in a minute is more than a person does. The shared sessions are fresh (sign-in.setup.ts). */
const onlyThePermissionDecides = () =>
  withDatabase(async (client) => {
    await client.query(`DELETE FROM "RateLimiterFlexible" WHERE key ~ '^(write|money|gateway|reveal|search):'`)
  })

/** What an action could have made. */
const effects = () =>
  withDatabase(async (client) => {
    const { rows } = await client.query<Record<string, string>>(
      `SELECT (SELECT count(*) FROM "Store") AS stores, (SELECT count(*) FROM "Invitation" WHERE name = 'matrix') AS invitations, (SELECT count(*) FROM "Export" WHERE reason = 'matrix') AS exports, (SELECT count(*) FROM "GatewayAccount") AS accounts, (SELECT count(*) FROM "ApiToken" WHERE name = 'matrix') AS tokens, (SELECT count(*) FROM "ApiToken" WHERE name = 'side' AND "revokedAt" IS NOT NULL) AS revoked, (SELECT count(*) FROM "PaymentImport" WHERE "fileName" = 'matrix.csv') AS imports, (SELECT count(*) FROM "Comparison" WHERE "fileName" = 'matrix.csv') AS comparisons, (SELECT count(*) FROM "DifferenceNote" WHERE text = 'matrix') AS differences, (SELECT count(*) FROM "Task" WHERE resolution = 'matrix') AS resolved, (SELECT count(*) FROM "Channel") AS channels, (SELECT count(*) FROM "User" WHERE email = 'someone@example.com') AS users,
        (SELECT count(*) FROM "Cancellation" WHERE reason = 'desk' AND state NOT IN ('AWAITING_APPROVAL', 'UNCONFIRMED')) AS decided, (SELECT count(*) FROM "Resolution" WHERE note = 'matrix') AS resolutions, (SELECT count(*) FROM "AccountCheck" WHERE hash = 'matrix' AND result <> 'AWAITING') AS checks,
        (SELECT count(*) FROM "Deposit" WHERE note = 'matrix') AS deposits, (SELECT count(*) FROM "Evidence" WHERE name = 'matrix.png') AS evidence, (SELECT count(*) FROM "Store" WHERE "stoppedWhy" = 'matrix') AS stopped, (SELECT count(*) FROM "Cancellation" WHERE reason = 'matrix') AS cancellations, (SELECT count(*) FROM "Shipment" WHERE "trackingNumber" = 'MATRIX0001') AS shipments, (SELECT count(*) FROM "Cancellation" WHERE state = 'WITHDRAWN' AND reason = 'test') AS withdrawn`,
    )
    return rows
  })

test('each route answers as its row says', async ({ owner, manager, operator, viewer, control }) => {
  const pagesOf = { owner, manager, operator, viewer }
  for (const where of ['own', 'other'] as const) {
    const at = await side(owner, control, where === 'other')
    for (const [route, row] of Object.entries(routeRows)) {
      const [method = '', address = ''] = route.split(' ')
      const path = address.replace('[id]', at.paymentId)
      for (const [index, role] of roles.entries()) {
        const response = await pagesOf[role].request.fetch(path, { method })
        const expected = { ok: 200, 'permission.missing': 403, missing: 404 }[String(row[where][index])]
        expect(response.status(), `${role} ${where} ${route}`).toBe(expected)
      }
    }
    const listed = z.object({ items: z.array(z.object({ store: z.object({ id: z.string() }) })) })
    const { items } = listed.parse(await (await operator.request.get(`/api/payments?store=${at.storeId}`)).json())
    expect(items.length > 0).toBe(where === 'own')
  }
})

test('a denial says what is missing and who has it, and is recorded', async ({ viewer, manager, control }) => {
  const payment = await newPayment(control, { amount: 4_000 })
  const id = await idOf(viewer, payment)
  await viewer.goto(`/payments/${id}`)
  await expect(viewer.getByRole('button', { name: '취소하기' })).toBeDisabled()
  const before = Date.now()
  expect(
    await act(viewer, 'requestCancellationAction', {
      id: randomUUID(),
      paymentId: id,
      amount: 100,
      taxFree: 0,
      reason: 'x',
      remainder: 4_000,
      remainderTaxFree: 0,
    }),
  ).toBe('permission.missing')
  const entries = z.object({ items: z.array(z.object({ at: z.number(), action: z.string(), outcome: z.string() })) })
  const { items } = entries.parse(await (await manager.request.get('/api/audit?outcome=denied&limit=20')).json())
  expect(items.some((entry) => entry.action === 'cancellation.request' && entry.at >= before - 1_000)).toBe(true)
  await viewer.goto('/audit')
  await expect(viewer.getByText('매니저').first()).toBeVisible()
})

test('a permission that is taken away between opening and pressing stops the press', async ({
  manager: page,
  control,
}) => {
  const payment = await newPayment(control, { amount: 4_000 })
  const id = await openPayment(page, payment)
  await fillSheet(page, '1,000')
  const grant = `FROM "User" u WHERE u.id = g."userId" AND u.email = 'manager@example.com'`
  await withDatabase((client) => client.query(`UPDATE "Grant" g SET role = 'VIEWER' ${grant}`))
  try {
    await page.getByRole('dialog').getByRole('button', { name: '1,000원 취소' }).click()
    await expect(page.getByRole('dialog').getByRole('alert').first()).toBeVisible()
    expect((await viewOf(page, id)).cancellations).toEqual([])
  } finally {
    await withDatabase((client) => client.query(`UPDATE "Grant" g SET role = 'MANAGER' ${grant}`))
  }
})
