'use client'

import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { useWords } from '../words.tsx'
import { ExportSheet, type Wanted } from './export-sheet.tsx'

/** Beside a list's title: takes out what the list is narrowed to. */
export function ExportButton(wanted: Wanted) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('export.open')}
      </Button>
      <ExportSheet open={open} onClose={() => setOpen(false)} wanted={wanted} />
    </>
  )
}
