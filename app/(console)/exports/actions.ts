'use server'
import { action } from '#lib/server/action.ts'
import { createExport, CreateExport } from '#lib/services/exports/create-export.ts'

export const createExportAction = action({
  name: 'export.create',
  input: CreateExport,
  limit: 'write',
  run: createExport,
})
