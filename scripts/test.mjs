// npm test
import { continueOnNode24 } from './node24.mjs'

await continueOnNode24('scripts/check.ts')
