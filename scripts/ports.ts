import { createServer } from 'node:net'
import { hasCode } from './stop.ts'

/** Free on both loopback addresses: a browser may take either for localhost. */
export async function isPortFree(port: number): Promise<boolean> {
  const opened = await Promise.all([open(port, '127.0.0.1'), open(port, '::1')])
  return opened.every((one) => one !== 'taken')
}

export async function freePort(): Promise<number> {
  const port = await open(0, '127.0.0.1')
  if (typeof port === 'string') throw new Error('no free port on 127.0.0.1')
  return port
}

function open(port: number, host: string): Promise<number | 'taken' | 'no such address'> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => {
      if (hasCode(error, 'EADDRINUSE')) resolve('taken')
      else if (hasCode(error, 'EADDRNOTAVAIL', 'EAFNOSUPPORT')) resolve('no such address')
      else reject(error)
    })
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port))
    })
  })
}
