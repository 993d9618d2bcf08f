import { answer } from '../../queries'

export const GET = (request: Request) => answer(request, 'list')
