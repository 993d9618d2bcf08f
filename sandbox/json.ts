export type Json = null | boolean | number | string | readonly Json[] | JsonObject
/** `undefined` members are left out when written, as JSON.stringify does. */
export type JsonObject = { readonly [name: string]: Json | undefined }

/** `undefined`, which no JSON text means, where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
