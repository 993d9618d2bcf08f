import { expect, test } from 'vitest'
import { methods } from '#lib/domain/payment.ts'
import ko from '../i18n/rules.ko.json' with { type: 'json' }
import { refundWhen } from './refund-when.ts'

test('when the buyer has the money', () => {
  expect(refundWhen('CARD', { captured: false, checkCard: false }, false)).toBe('at_once')
  expect(refundWhen('CARD', { captured: false, checkCard: false }, true)).toBe('one_to_three_business_days')
  expect(refundWhen('CARD', { captured: true, checkCard: null }, false)).toBe('one_to_three_business_days')
  expect(refundWhen('CARD', { captured: null, checkCard: null }, false)).toBe('card_unknown_stage')
  expect(refundWhen('CARD', { captured: false, checkCard: true }, false)).toBe('check_card')
  expect(refundWhen('VIRTUAL_ACCOUNT', { captured: null, checkCard: null }, true)).toBe('next_business_day')
})

test('every answer has its sentence', () => {
  const maybe = [true, false, null]
  for (const method of methods)
    for (const captured of maybe)
      for (const checkCard of maybe)
        for (const partial of [true, false])
          expect(ko['REFUND-WHEN']).toHaveProperty(refundWhen(method, { captured, checkCard }, partial))
})
