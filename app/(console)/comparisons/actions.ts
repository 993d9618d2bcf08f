'use server'
import { action } from '#lib/server/action.ts'
import { continueComparison, ContinueComparison } from '#lib/services/comparisons/continue-comparison.ts'
import { recordDifference, RecordDifference } from '#lib/services/comparisons/record-difference.ts'
import {
  previewComparison,
  PreviewComparison,
  startComparison,
  StartComparison,
} from '#lib/services/comparisons/start-comparison.ts'
import { takeDifference, TakeDifference } from '#lib/services/comparisons/take-difference.ts'
import { uploadPart, UploadPart } from '#lib/services/comparisons/upload-part.ts'
import {
  assignDifference,
  AssignDifference,
  closeDifference,
  CloseDifference,
  explainDifference,
  ExplainDifference,
} from '#lib/services/comparisons/work-difference.ts'

export const uploadComparisonPartAction = action({
  name: 'comparison.run',
  input: UploadPart,
  limit: 'write',
  run: uploadPart,
})
export const previewComparisonAction = action({
  name: 'comparison.run',
  input: PreviewComparison,
  limit: 'write',
  run: previewComparison,
})
export const startComparisonAction = action({
  name: 'comparison.run',
  input: StartComparison,
  limit: 'write',
  run: startComparison,
})
export const continueComparisonAction = action({
  name: 'comparison.run',
  input: ContinueComparison,
  limit: 'compare',
  run: continueComparison,
})
export const assignDifferenceAction = action({
  name: 'comparison.assign',
  input: AssignDifference,
  limit: 'write',
  run: assignDifference,
})
export const explainDifferenceAction = action({
  name: 'comparison.explain',
  input: ExplainDifference,
  limit: 'write',
  run: explainDifference,
})
export const closeDifferenceAction = action({
  name: 'comparison.close',
  input: CloseDifference,
  limit: 'write',
  run: closeDifference,
})
export const recordDifferenceAction = action({
  name: 'comparison.record',
  input: RecordDifference,
  limit: 'write',
  run: recordDifference,
})
export const takeDifferenceAction = action({
  name: 'payment.import',
  input: TakeDifference,
  limit: 'write',
  run: takeDifference,
})
