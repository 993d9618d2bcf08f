// Before the first test: the demo, brought up as npm start does it, on free ports and with data of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, startProduct } from '../lib/testing/product.ts'
import { ensureChromium } from './chromium.ts'

export default async function bringUpProduct(): Promise<() => Promise<void>> {
  ensureChromium()
  const dataDir = mkdtempSync(join(tmpdir(), 'jeonpyo-e2e-'))
  const product = startProduct({ ...(await freePorts()), JEONPYO_DATA_DIR: dataDir, JEONPYO_DEMO: '1' })
  if ((await product.up()) === 'ended') throw new Error(`The product did not start:\n${product.output()}`)
  process.env['E2E_DATA_DIR'] = dataDir
  process.env['E2E_URL'] = product.url
  process.env['E2E_CONTROL_URL'] = product.controlUrl
  return async () => {
    await product.stop()
    rmSync(dataDir, { recursive: true })
  }
}
