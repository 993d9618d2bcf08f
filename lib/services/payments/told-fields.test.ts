import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { DomainError } from '#lib/domain/problem.ts'
import { readToldFields } from './told-fields.ts'

const FORM = 'application/x-www-form-urlencoded'
/** As an EUC-KR page's form sends it. */
const escaped = (text: string) =>
  [...iconv.encode(text, 'cp949')].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('')
const problemOf = (body: Buffer | string, type: string | null) => {
  try {
    return readToldFields(Buffer.from(body), type)
  } catch (error) {
    if (error instanceof DomainError) return error.facts
    throw error
  }
}

describe('the fields of what a shop tells', () => {
  it('as a form in EUC-KR, by the content type or by char_set, to the last letter of CP949', () => {
    const wanted = { good_name: '똠방각하 펲시콜라', tno: '00012345678901', amount: '1000' }
    const form = `tno=00012345678901&good_name=${escaped('똠방각하 펲시콜라')}&amount=1000`
    for (const charset of ['EUC-KR', 'cp949', '"euc-kr"'])
      expect(readToldFields(Buffer.from(form), `${FORM}; charset=${charset}`)).toEqual(wanted)
    const own = readToldFields(Buffer.from(`${form}&char_set=euc-kr`), FORM)
    expect(own).toEqual({ ...wanted, char_set: 'euc-kr' })
  })
  it('as a form in UTF-8 where nothing else is said', () => {
    const fields = readToldFields(Buffer.from(`good_name=${encodeURIComponent('가을 외투')}&a=1+2&b=&c`), FORM)
    expect(fields).toEqual({ good_name: '가을 외투', a: '1 2', b: '', c: '' })
  })
  it('as JSON, in which amounts may be numbers', () => {
    const body = { tno: '00012345678901', amount: 1000, good_name: '가', escw: true, none: null }
    const wanted = { tno: '00012345678901', amount: '1000', good_name: '가', escw: 'true' }
    expect(readToldFields(Buffer.from(JSON.stringify(body)), 'application/json')).toEqual(wanted)
    const korean = iconv.encode(JSON.stringify({ ...body, char_set: 'euc-kr' }), 'cp949')
    expect(readToldFields(korean, 'application/json')).toEqual({ ...wanted, char_set: 'euc-kr' })
    const said = iconv.encode(JSON.stringify(body), 'cp949')
    expect(readToldFields(said, 'application/json;charset=euc-kr')).toEqual(wanted)
  })
  it.each([
    ['bytes of another charset', iconv.encode('{"a":"가나다"}', 'cp949'), 'application/json', 'charset'],
    ['a form of another charset', `a=${escaped('가나다')}`, FORM, 'charset'],
    ['a charset that nobody knows', 'a=1', `${FORM};charset=klingon`, 'charset'],
    ['a charset by another name of all things', 'a=1&char_set=constructor', FORM, 'charset'],
    ['another type', 'a=1', 'text/plain', 'content_type'],
    ['no type', 'a=1', null, 'content_type'],
    ['no JSON', '{', 'application/json', 'body'],
    ['a list', '[]', 'application/json', 'body'],
    ['something nested', '{"tno":{"$gt":""}}', 'application/json', 'tno'],
    ['a fraction', '{"amount":1000.5}', 'application/json', 'amount'],
    ['a field twice', 'amount=1&amount=1000', FORM, 'amount'],
  ])('refuses %s', (_, body, type, field) => {
    expect(problemOf(body, type)).toEqual({ field })
  })
  it('names that are none are passed over', () => {
    const fields = readToldFields(Buffer.from('{"__proto__":"x","<b>":"x","a":"1"}'), 'application/json')
    expect(fields).toEqual({ a: '1' })
    expect(readToldFields(Buffer.from('%00=1&a%26b=2&a=1'), FORM)).toEqual({ a: '1' })
  })
})
