import type { createEmbedding, ReplyOf, RequestOf } from '@mosaic/proto';
import { MosaicError } from '@mosaic/proto';
import { toError } from '../app/vendor/vendor-fault.ts';
import type { ConfiguredVendors } from './make-vendors.ts';

type Request = RequestOf<typeof createEmbedding>;
type Reply = ReplyOf<typeof createEmbedding>;

/** Answers with one vector per text, all of one width; throws what the vendor's failure means. */
export async function embedTexts(
  embedder: ConfiguredVendors['embedder'],
  { model, texts }: Request,
  signal: AbortSignal,
): Promise<Reply> {
  const { vectors, cut } = await embedder
    .embed({ model, texts, signal })
    .catch((thrown: unknown) => {
      throw toError(embedder.toFault(thrown));
    });
  const width = vectors[0]?.length ?? 0;
  const isWhole = vectors.length === texts.length && vectors.every((one) => one.length === width);
  if (!isWhole || width === 0) {
    throw new MosaicError('provider_failed', `${model} did not answer with one vector per text.`);
  }
  return { model, width, vectors: [...vectors], ...(cut.length > 0 && { cut: [...cut] }) };
}
