'use server'
import { action } from '#lib/server/action.ts'
import {
  createAccount,
  CreateAccount,
  createChannel,
  CreateChannel,
  createStore,
  CreateStore,
  updateAccount,
  UpdateAccount,
  updateChannel,
  UpdateChannel,
} from '#lib/services/accounts/manage-accounts.ts'
import { renewNoticeAddress, RenewNoticeAddress } from '#lib/services/notices/notice-address.ts'
import { testAccount, TestAccount } from '#lib/services/accounts/test-account.ts'

export const createStoreAction = action({ name: 'store.create', input: CreateStore, limit: 'write', run: createStore })
export const createAccountAction = action({
  name: 'account.create',
  input: CreateAccount,
  limit: 'write',
  run: createAccount,
})
export const updateAccountAction = action({
  name: 'account.update',
  input: UpdateAccount,
  limit: 'write',
  run: updateAccount,
})
export const testAccountAction = action({
  name: 'account.test',
  input: TestAccount,
  limit: 'gateway',
  run: testAccount,
})
export const renewNoticeAddressAction = action({
  name: 'account.notice_address',
  input: RenewNoticeAddress,
  limit: 'write',
  run: renewNoticeAddress,
})
export const createChannelAction = action({
  name: 'channel.create',
  input: CreateChannel,
  limit: 'write',
  run: createChannel,
})
export const updateChannelAction = action({
  name: 'channel.update',
  input: UpdateChannel,
  limit: 'write',
  run: updateChannel,
})
