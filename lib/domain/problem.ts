/** Everything a person can be told has gone wrong. A code is also the key of its sentence in ko.json and en.json. */
export const problems = {
  'request.invalid': 'invalid',
  'request.too_large': 'invalid',
  'request.reused_id': 'refused',
  'request.too_many': 'busy',
  'session.missing': 'unauthenticated',
  'session.wrong_credentials': 'invalid',
  'session.blocked': 'busy',
  'permission.missing': 'forbidden',
  'store.not_found': 'missing',
  'account.not_found': 'missing',
  'account.name_taken': 'refused',
  'account.secret_kind': 'invalid',
  'account.site_taken': 'refused',
  'account.site_fixed': 'refused',
  'channel.by_account': 'refused',
  'channel.not_found': 'missing',
  'channel.key_taken': 'refused',
  'payment.not_found': 'missing',
  'payment.at_other_store': 'refused',
  'payment.channel_unknown': 'refused',
  'payment.differs': 'refused',
  'payment.not_recordable': 'refused',
  'cancellation.not_found': 'missing',
  'cancellation.stale': 'refused',
  'cancellation.refused': 'refused',
  'cancellation.open': 'refused',
  'cancellation.not_withdrawable': 'refused',
  'gateway.unreachable': 'busy',
  'gateway.refused': 'refused',
  'gateway.unreadable': 'busy',
  'notice.unverified': 'invalid',
  'setup.done': 'refused',
  'setup.wrong_code': 'invalid',
  // A fresh sign-in with password and code is asked for first; the browser asks and tries again.
  'session.step_up': 'forbidden',
  'session.wrong_code': 'invalid',
  'session.second_factor_needed': 'forbidden',
  'session.not_found': 'missing',
  'sending.stopped': 'refused',
  'cancellation.day_limit': 'refused',
  'cancellation.snapshot_changed': 'refused',
  'cancellation.not_awaiting': 'refused',
  'cancellation.own_request': 'refused',
  'cancellation.not_closable': 'refused',
  'resolution.not_found': 'missing',
  'resolution.own_proposal': 'refused',
  'resolution.decided': 'refused',
  'resolution.number_recorded': 'refused',
  'account_check.unsayable': 'refused',
  'account_check.not_found': 'missing',
  'account_check.own': 'refused',
  'account_check.decided': 'refused',
  'account_check.gateway_can': 'refused',
  'account_check.too_many': 'busy',
  'evidence.not_found': 'missing',
  'evidence.kind': 'invalid',
  'evidence.too_large': 'invalid',
  'task.not_found': 'missing',
  'task.by_itself': 'refused',
  'shipment.not_allowed': 'refused',
  'shipment.not_found': 'missing',
  'cash_receipt.not_allowed': 'refused',
  'member.not_found': 'missing',
  'member.email_taken': 'refused',
  'member.last_owner': 'refused',
  'invitation.not_found': 'missing',
  'export.not_found': 'missing',
  'export.too_many_rows': 'refused',
  'receipt.not_found': 'missing',
  'upload.unreadable': 'invalid',
  'memo.personal_number': 'invalid',
  'personal.absent': 'refused',
  'refund.above_received': 'refused',
  'token.invalid': 'unauthenticated',
  'token.not_found': 'missing',
  'telling.unreadable': 'invalid',
  'telling.not_approved': 'refused',
  'deposit.not_found': 'missing',
  'deposit.decided': 'refused',
  'deposit.not_received': 'refused',
  'comparison.not_found': 'missing',
  'comparison.begun': 'refused',
  'comparison.expired': 'refused',
  'difference.not_found': 'missing',
  'difference.closed': 'refused',
  'difference.changed': 'refused',
  'difference.not_takeable': 'refused',
  'difference.nobody': 'invalid',
  broken: 'broken',
} as const

export type ProblemCode = keyof typeof problems
export type ProblemKind = (typeof problems)[ProblemCode]
export type Facts = Readonly<Record<string, string | number | boolean | null>>
export type Problem = { readonly code: ProblemCode; readonly facts: Facts }

export const httpStatus: Record<ProblemKind, number> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  refused: 409,
  busy: 429,
  broken: 500,
}

/** Thrown to undo: the transaction it leaves rolls back. What must be recorded is returned instead. */
export class DomainError extends Error {
  readonly code: ProblemCode
  readonly facts: Facts
  constructor(code: ProblemCode, facts: Facts = {}) {
    super(code)
    this.name = 'DomainError'
    this.code = code
    this.facts = facts
  }
  get kind(): ProblemKind {
    return problems[this.code]
  }
}
