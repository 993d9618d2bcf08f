// npm start and npm run dev
import { continueOnNode24 } from './node24.mjs'

await continueOnNode24('scripts/launch.ts')
