import { MosaicError } from '@mosaic/proto';
import type { FetchedPage } from './fetch-page.ts';

export type PageText =
  | { readonly kind: 'html'; readonly html: string }
  | { readonly kind: 'text'; readonly text: string };

/** The characters of what was fetched. Throws `bad_request` for what is no text (images, PDF). */
export function pageText({ body, contentType }: FetchedPage): PageText {
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const named = parameters.find((one) => one.startsWith('charset='))?.slice('charset='.length);
  if (type === 'text/html' || type === 'application/xhtml+xml') {
    return { kind: 'html', html: decode(body, named ?? charsetInside(body)) };
  }
  const isText = type.startsWith('text/') || /[/+](?:json|xml|javascript|yaml|toml)$/.test(type);
  const looksLikeText = type === '' && !body.subarray(0, 1_000).includes(0);
  if (isText || looksLikeText) return { kind: 'text', text: decode(body, named) };
  throw new MosaicError('bad_request', `This is no text but ${type || 'of an unknown kind'}.`);
}

function charsetInside(body: Buffer): string | undefined {
  const head = body.subarray(0, 2_048).toString('latin1');
  return /<meta[^>]{0,200}charset=["']?([\w-]{1,40})/i.exec(head)?.[1];
}

function decode(body: Buffer, charset: string | undefined): string {
  try {
    return new TextDecoder(charset?.replaceAll(/["']/g, '') ?? 'utf-8').decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}
