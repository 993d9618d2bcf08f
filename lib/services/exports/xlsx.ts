import 'server-only'
import { strToU8, Zip, ZipDeflate } from 'fflate'
import { streamOf, type Cell, type Rows } from './stream-of.ts'

export type { Cell, Rows }

/** What one sheet takes, the header among them. */
const ROWS_MAX = 1_048_576
const CELL_MAX = 32_767
/** A file half as large as with 1, in the same time. */
const LEVEL = 4
/** More at once makes the packer take a new buffer each time. */
const PUSHED_MAX = 49_152
const TEXT = 1
const HEAD = 2

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const SHEETS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATED = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const KIND = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const relation = (kind: string, target: string, id: number) =>
  `<Relationship Id="rId${id}" Type="${RELATED}/${kind}" Target="${target}"/>`
const relations = (list: string) => `${XML}<Relationships xmlns="${PACKAGE}/relationships">${list}</Relationships>`
const part = (name: string, kind: string) => `<Override PartName="/xl/${name}" ContentType="${KIND}.${kind}+xml"/>`
/** Format 49 is `@`, text. */
const style = (font: number, format: number) =>
  `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyFont="1" applyNumberFormat="1"/>`

const parts = {
  '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${part('workbook.xml', 'sheet.main')}${part('styles.xml', 'styles')}${part('worksheets/sheet1.xml', 'worksheet')}</Types>`,
  '_rels/.rels': relations(relation('officeDocument', 'xl/workbook.xml', 1)),
  'xl/_rels/workbook.xml.rels': relations(
    relation('worksheet', 'worksheets/sheet1.xml', 1) + relation('styles', 'styles.xml', 2),
  ),
  'xl/workbook.xml': `${XML}<workbook xmlns="${SHEETS}" xmlns:r="${RELATED}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/styles.xml': `${XML}<styleSheet xmlns="${SHEETS}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3">${style(0, 0)}${style(0, 49)}${style(1, 49)}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
}
const sheetHead = (columns: number) =>
  `${XML}<worksheet xmlns="${SHEETS}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="${Math.max(columns, 1)}" width="20" customWidth="1"/></cols><sheetData>`
const SHEET_END = '</sheetData></worksheet>'

/** A, B … Z, AA … */
const columnName = (index: number): string =>
  (index < 26 ? '' : columnName(Math.floor(index / 26) - 1)) + String.fromCodePoint(65 + (index % 26))

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** What XML 1.0 has no place for, even escaped. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]/g

/** Excel reads `_x000D_` inside a text as a character; its own escape for a plain underscore keeps it as it is. */
const escaped = (text: string): string =>
  text
    .slice(0, CELL_MAX)
    .toWellFormed()
    .replace(FORBIDDEN, '')
    .replaceAll(/\r\n?/g, '\n')
    .replace(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '')

/** Blanks at its ends and lines of its own are kept only where the text asks for it. */
const textCell = (text: string, at: string, format: number): string =>
  `<c r="${at}" s="${format}" t="inlineStr"><is><t${/^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : ''}>${escaped(text)}</t></is></c>`

function cellXml(cell: Cell, at: string): string {
  if (cell === null) return ''
  if ('text' in cell) return textCell(cell.text, at, TEXT)
  if (!Number.isFinite(cell.number)) throw new RangeError(`not a number for a sheet: ${cell.number}`)
  return `<c r="${at}"><v>${cell.number}</v></c>`
}

const rowXml = (number: number, cells: readonly string[]): string => `<row r="${number}">${cells.join('')}</row>`

/**
 * A workbook with one sheet, made as it is read: nothing more than a few hundred rows is ever held, however many there are.
 * Fails as a stream does where the rows fail, or are more than a sheet takes.
 */
export function xlsx(header: readonly string[], rows: Rows): ReadableStream<Uint8Array> {
  const ready: Uint8Array[] = []
  const zip = new Zip((error, data) => {
    if (error) throw error
    if (data.length > 0) ready.push(data)
  })
  for (const [name, content] of Object.entries(parts)) {
    const file = new ZipDeflate(name)
    zip.add(file)
    file.push(strToU8(content), true)
  }
  const sheet = new ZipDeflate('xl/worksheets/sheet1.xml', { level: LEVEL })
  zip.add(sheet)
  const names = header.map((_, index) => columnName(index))
  const head = header.map((text, index) => textCell(text, `${names[index]}1`, HEAD))
  sheet.push(strToU8(sheetHead(header.length) + rowXml(1, head)))
  let number = 1
  const nextRow = (cells: readonly Cell[]): string => {
    number++
    if (number > ROWS_MAX) throw new RangeError(`a sheet takes ${ROWS_MAX} rows`)
    return rowXml(
      number,
      cells.map((cell, index) => cellXml(cell, `${names[index] ?? columnName(index)}${number}`)),
    )
  }
  return streamOf(rows, (batch, ended) => {
    const xml = strToU8(batch.map(nextRow).join('') + (ended ? SHEET_END : ''))
    for (let from = 0; from < xml.length; from += PUSHED_MAX) sheet.push(xml.subarray(from, from + PUSHED_MAX))
    if (ended) {
      sheet.push(new Uint8Array(), true)
      zip.end()
    }
    return ready.splice(0)
  })
}
