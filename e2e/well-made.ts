// What every screen must be, whatever it shows.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** No accessibility fault and nothing wider than the screen, at a desk's width and a phone's, light and dark. */
export async function expectWellMade(page: Page): Promise<void> {
  const before = page.viewportSize()
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(wide, `wider than ${width}`).toBeLessThanOrEqual(0)
    for (const theme of ['light', 'dark']) {
      await page.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme)
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
        .analyze()
      expect(violations.map(({ id, nodes }) => `${theme} ${width}: ${id} ${nodes[0]?.html ?? ''}`)).toEqual([])
    }
  }
  await page.evaluate(() => document.documentElement.removeAttribute('data-theme'))
  if (before) await page.setViewportSize(before)
}
