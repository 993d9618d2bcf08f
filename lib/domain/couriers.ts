/**
 * Who carries: PortOne's courier codes (REST V2 1.16, `PaymentLogisticsCompany`) with the names people know them by, and the
 * form of their tracking numbers where it is generally known. The known forms are kept wide: a courier adds digits sooner
 * than this table hears of it.
 */
const ANY = /^[0-9A-Z]{6,30}$/

export const couriers = {
  CJ: { ko: 'CJ대한통운', en: 'CJ Logistics', form: /^\d{10,13}$/ },
  POST: { ko: '우체국택배', en: 'Korea Post parcel', form: /^\d{13}$/ },
  HANJIN: { ko: '한진택배', en: 'Hanjin', form: /^\d{10,14}$/ },
  LOTTE: { ko: '롯데글로벌로지스', en: 'Lotte Global Logistics', form: /^\d{10,13}$/ },
  LOGEN: { ko: '로젠택배', en: 'Logen', form: /^\d{10,12}$/ },
  KYUNGDONG: { ko: '경동택배', en: 'Kyungdong', form: /^\d{8,16}$/ },
  DAESIN: { ko: '대신택배', en: 'Daesin', form: /^\d{10,13}$/ },
  ILYANG: { ko: '일양로지스', en: 'Ilyang Logis', form: /^\d{8,12}$/ },
  HAPDONG: { ko: '합동택배', en: 'Hapdong', form: /^\d{8,16}$/ },
  CHUNIL: { ko: '천일택배', en: 'Chunil', form: /^\d{10,12}$/ },
  KUNYOUNG: { ko: '건영택배', en: 'Kunyoung', form: /^\d{8,12}$/ },
  POST_REGISTERED: { ko: '등기우편', en: 'Registered mail', form: /^\d{13}$/ },
  DONGWON: { ko: '동원로엑스', en: 'Dongwon Loex', form: ANY },
  GS: { ko: 'GS네트웍스', en: 'GS Networks', form: ANY },
  WOORI: { ko: '우리택배', en: 'Woori', form: ANY },
  LX_PANTOS: { ko: 'LX판토스', en: 'LX Pantos', form: ANY },
  SUNGWON: { ko: '성원글로벌카고', en: 'Sungwon Global Cargo', form: ANY },
  KGL: { ko: 'KGL네트웍스', en: 'KGL Networks', form: ANY },
  GOODSTOLUCK: { ko: '굿투럭', en: 'Goodstoluck', form: ANY },
  SLX: { ko: 'SLX', en: 'SLX', form: ANY },
  GSM_NTON: { ko: 'GSM NtoN', en: 'GSM NtoN', form: ANY },
  ACI: { ko: 'ACI', en: 'ACI', form: ANY },
  CJ_INTL: { ko: 'CJ대한통운 국제특송', en: 'CJ Logistics International', form: ANY },
  EMS: { ko: 'EMS', en: 'EMS', form: /^[A-Z]{2}\d{9}[A-Z]{2}$/ },
  DHL: { ko: 'DHL', en: 'DHL', form: ANY },
  FEDEX: { ko: 'FedEx', en: 'FedEx', form: /^\d{10,22}$/ },
  UPS: { ko: 'UPS', en: 'UPS', form: ANY },
  USPS: { ko: 'USPS', en: 'USPS', form: ANY },
  SF: { ko: 'SF Express', en: 'SF Express', form: ANY },
  ETC: { ko: '기타', en: 'Other', form: ANY },
  /** The shop delivers by itself: KCP wants this name and number, PortOne has no code for it. */
  OWN: { ko: '자가배송', en: 'Own delivery', form: /^0000$/ },
} as const satisfies Record<string, { readonly ko: string; readonly en: string; readonly form: RegExp }>

export type Courier = keyof typeof couriers
/** What own delivery has instead of a number. */
export const OWN_NUMBER = '0000'
export const isCourier = (text: string): text is Courier => Object.hasOwn(couriers, text)
export const courierCodes: readonly Courier[] = Object.keys(couriers).filter(isCourier)

/** As couriers print them and people copy them: spaces and hyphens mean nothing, letters are capitals. Still a text. */
export const tidyTracking = (text: string): string => text.replace(/[\s-]/g, '').toUpperCase()

/** Whether a tidied number can be one of this courier's. */
export const isTracking = (courier: Courier, number: string): boolean => couriers[courier].form.test(number)

const bare = (text: string) => text.replace(/\s/g, '').toLowerCase()
/** PortOne's own name of it, where it is another than the one people know. */
const otherNames: Readonly<Record<string, Courier>> = {
  대한통운: 'CJ',
  cj택배: 'CJ',
  직접배송: 'OWN',
  우체국: 'POST',
  롯데택배: 'LOTTE',
}

/** By code or by name in either language; null for anything else. A gateway's record names it freely, as a clerk's file does. */
export function courierOf(text: string): Courier | null {
  const code = text.trim().toUpperCase()
  if (isCourier(code)) return code
  const asked = bare(text)
  if (Object.hasOwn(otherNames, asked)) return otherNames[asked] ?? null
  return courierCodes.find((one) => bare(couriers[one].ko) === asked || bare(couriers[one].en) === asked) ?? null
}
