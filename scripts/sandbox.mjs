// npm run sandbox
import { continueOnNode24 } from './node24.mjs'

await continueOnNode24('sandbox/main.ts')
