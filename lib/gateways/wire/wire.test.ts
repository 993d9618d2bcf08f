import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCp949, encodeCp949, fitCp949 } from './cp949.ts'
import {
  FS,
  fromVisible,
  GS,
  isPlain,
  readArgument,
  readFields,
  readSet,
  readSubsets,
  RS,
  US,
  visible,
  writeArgument,
  writeSet,
  writeSubsets,
} from './separated.ts'

describe('CP949', () => {
  it('has all modern Hangul, in two bytes each, none of which is a separator or a comma', () => {
    for (let code = 0xac00; code <= 0xd7a3; code++) {
      const syllable = String.fromCharCode(code)
      const bytes = encodeCp949(syllable) ?? expect.fail(syllable)
      expect(bytes).toHaveLength(2)
      expect(Math.min(...bytes)).toBeGreaterThanOrEqual(0x41)
      expect(decodeCp949(bytes)).toBe(syllable)
    }
  })
  it('is refused where it lacks a character, never written with a question mark', () => {
    for (const text of ['😀', '홍길동😀', '\u1112\u1169\u11bc', 'é', '₩', '简', '\uFFFD', '\ud800'])
      expect(encodeCp949(text), text).toBeNull()
    expect(encodeCp949('?')).toEqual(Buffer.from('?'))
    expect(encodeCp949('똠방각하 漢字 Ω ，')).not.toBeNull()
  })
  it('goes there and back, or is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = encodeCp949(text)
        if (bytes !== null) expect(decodeCp949(bytes)).toBe(text)
      }),
    )
  })
  it('is no CP949 where a byte is alone', () => {
    for (const bytes of [[0xb0], [0xb0, 0x1f], [0xff], [0x61, 0xc8, 0xfe, 0xff]])
      expect(decodeCp949(Uint8Array.from(bytes)), String(bytes)).toBeNull()
  })
  it('is cut between characters', () => {
    expect(fitCp949('가나다', 5)).toBe('가나')
    expect(fitCp949('a가나', 4)).toBe('a가')
    expect(fitCp949('\u1112\u1169\u11bc길동😀', 20)).toBe('홍길동?')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, max) => {
        const bytes = encodeCp949(fitCp949(text, max)) ?? expect.fail('not CP949')
        expect(bytes.length).toBeLessThanOrEqual(max)
      }),
    )
  })
})

const word = fc.string({ unit: fc.constantFrom('a', '1', '=', '가', ' ', '&', '"', '+', '%'), minLength: 1 })
const name = fc.stringMatching(/^[a-z_]{1,10}$/).filter((one) => one !== '__proto__')
const fields = fc.uniqueArray(fc.tuple(name, word), { selector: ([key]) => key, maxLength: 6 })

describe('data sets', () => {
  it('are written as KCP writes them', () => {
    const payx = writeSubsets('payx_data', [
      ['common', [['amount', '1000']]],
      [
        'va',
        [
          ['va_mny', '1000'],
          ['va_name', ''],
        ],
      ],
    ])
    expect(payx).toBe(`payx_data=common=amount=1000${US}${RS}va=va_mny=1000${US}${RS}`)
    expect(writeSet('escw_data', [['deli_numb', '0000']], GS)).toBe(`escw_data=deli_numb=0000${GS}`)
    expect(
      writeArgument([
        ['site_cd', 'T0000'],
        ['payx_data', payx ?? ''],
        ['opt', '0'],
      ]),
    ).toBe(`site_cd=T0000,payx_data=${payx},opt=0`)
  })
  it('come back as they went, also a value with = in it', () => {
    fc.assert(
      fc.property(fields, (pairs) => {
        const set = writeSet('mod_data', pairs) ?? expect.fail('refused')
        expect(readSet(set, 'mod_data')).toEqual(new Map(pairs))
        const line =
          writeArgument([
            ['a', '1'],
            ['modx_data', set],
            ['opt', '0'],
          ]) ?? expect.fail('refused')
        expect(readArgument(line).get('modx_data')).toBe(set)
        const subsets =
          writeSubsets('payx_data', [
            ['common', pairs],
            ['acnt', pairs],
          ]) ?? expect.fail('refused')
        expect(readSubsets(subsets, 'payx_data')).toEqual(
          new Map([
            ['common', new Map(pairs)],
            ['acnt', new Map(pairs)],
          ]),
        )
      }),
    )
  })
  it('refuse a value that would leave its field', () => {
    for (const value of ['a,b', `a${US}b`, `a${RS}`, GS, `a${FS}b`, 'a\nb', 'a\0b', '\x7f']) {
      expect(isPlain(value)).toBe(false)
      expect(writeSet('mod_data', [['tno', value]])).toBeNull()
      expect(writeSubsets('payx_data', [['common', [['amount', value]]]])).toBeNull()
    }
    expect(writeArgument([['home', '/a,b']])).toBeNull()
  })
  it('lose what follows a comma, as the module was measured to', () => {
    const argument = readArgument(`ordr_data=ordr_data=good=a,b${US}tail=1${US},opt=0`)
    expect(argument.get('ordr_data')).toBe('ordr_data=good=a')
    expect(argument.get('opt')).toBe('0')
  })
  it('with a name twice, or a part that is no field, are nothing', () => {
    for (const text of [`a=1${US}a=2`, `a=1${US}b`, '=1', 'x']) expect(readFields(text)).toBeNull()
    expect(readFields('')).toEqual(new Map())
    expect(readSet('ordr_data=a=1', 'mod_data')).toBeNull()
  })
})

describe('control characters', () => {
  it('are shown as signs, and read back', () => {
    expect(visible(`a${US}b${RS}c\0`)).toBe('a␟b␞c␀')
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(fromVisible(visible(text))).toBe(text)
        // oxlint-disable-next-line no-control-regex
        expect(visible(text)).not.toMatch(/[\x00-\x08\x0e-\x1f]/)
      }),
    )
  })
})
