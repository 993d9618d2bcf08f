'use client'

import { BrokenPage } from '#components/broken-page.tsx'

export default BrokenPage
