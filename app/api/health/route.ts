/** Says that the server answers; nothing about anyone. */
export const GET = () => Response.json({ ok: true })
