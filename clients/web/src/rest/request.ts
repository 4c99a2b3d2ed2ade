import { codeOfStatus, errorBodySchema, MosaicError } from '@mosaic/proto';
import { z } from 'zod';
import { readAccessToken } from '../session/access-token.ts';

export interface RequestOptions<Reply extends z.ZodType> {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly reply: Reply;
  readonly signal?: AbortSignal;
}

/** For replies that nobody reads. */
export const anyReply = z.unknown();

/** Sign-in routes answer `{message}`, all others Mosaic's own error body. */
const plainErrorSchema = z.object({ message: z.string().min(1) });

async function errorOf(response: Response): Promise<MosaicError> {
  const body: unknown = await response.json().catch(() => null);
  const own = errorBodySchema.safeParse(body);
  if (own.success) return new MosaicError(own.data.error.code, own.data.error.message);
  const code = codeOfStatus(response.status);
  return new MosaicError(code, plainErrorSchema.safeParse(body).data?.message);
}

/**
 * Calls the gateway with the tab's token or the session cookie. Throws a `MosaicError`:
 * the gateway's own, or `service_unavailable` when it can't be reached.
 */
export async function requestText(
  path: string,
  { method = 'GET', body, signal }: Omit<RequestOptions<z.ZodType>, 'reply'>,
): Promise<string> {
  const token = readAccessToken();
  const response = await fetch(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    throw new MosaicError('service_unavailable', 'Mosaic cannot be reached.', { cause });
  });
  if (!response.ok) throw await errorOf(response);
  return response.text();
}

/** The same, with the answer read after its form. */
export async function request<Reply extends z.ZodType>(
  path: string,
  { reply, ...options }: RequestOptions<Reply>,
): Promise<z.infer<Reply>> {
  const parsed = reply.safeParse(readJson(await requestText(path, options)));
  if (!parsed.success) throw new MosaicError('internal', undefined, { cause: parsed.error });
  return parsed.data;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
