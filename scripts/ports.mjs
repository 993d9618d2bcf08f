import { createServer } from 'node:net'
import { isCode } from './processes.mjs'

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function isPortFree(port) {
  return listen(port).then((opened) => opened !== undefined)
}

/** @returns {Promise<number>} */
export async function freePort() {
  const port = await listen(0)
  if (port === undefined) throw new Error('No free port on 127.0.0.1.')
  return port
}

/** @returns {Promise<number | undefined>} the port that could be opened (and is closed again), undefined when it is taken */
function listen(/** @type {number} */ port) {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => (isCode(error, 'EADDRINUSE') ? resolve(undefined) : reject(error)))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })
}
