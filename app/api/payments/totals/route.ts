import { read } from '#lib/server/route.ts'
import { FindPayments } from '#lib/services/payments/find-payments.ts'
import { paymentTotals } from '#lib/services/totals/payment-totals.ts'

export const GET = read({ name: 'payment.list', query: FindPayments, run: paymentTotals })
