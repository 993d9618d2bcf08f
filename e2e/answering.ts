// A person presses what answers. A browser driven by a program is faster: it waits until the page's scripts are there.
import { expect, type Page } from '@playwright/test'

/** Until React has taken over what the server sent; at once where there is nothing to press. By no clock of the page's own. */
export async function answering(page: Page): Promise<void> {
  await expect(async () => expect(await page.evaluate(isTaken)).toBe(true)).toPass({ intervals: [50] })
}

function isTaken(): boolean {
  const pressed = document.querySelector('main button, main input, main select, button, input')
  return pressed === null || Object.keys(pressed).some((key) => key.startsWith('__react'))
}

/** Every page that this one opens is waited for. */
export function answersFirst(page: Page): void {
  const goto = page.goto.bind(page)
  const reload = page.reload.bind(page)
  page.goto = async (...given) => {
    const response = await goto(...given)
    await answering(page)
    return response
  }
  page.reload = async (...given) => {
    const response = await reload(...given)
    await answering(page)
    return response
  }
}
