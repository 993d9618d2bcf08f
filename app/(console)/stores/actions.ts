'use server'
import { action } from '#lib/server/action.ts'
import {
  resumeSending,
  ResumeSending,
  stopSending,
  StopSending,
  updateStore,
  UpdateStore,
} from '#lib/services/stores/manage-stores.ts'

export const updateStoreAction = action({ name: 'store.update', input: UpdateStore, limit: 'write', run: updateStore })
export const stopSendingAction = action({ name: 'sending.stop', input: StopSending, limit: 'write', run: stopSending })
export const resumeSendingAction = action({
  name: 'sending.resume',
  input: ResumeSending,
  limit: 'write',
  run: resumeSending,
})
