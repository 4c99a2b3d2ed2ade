import { MosaicError } from '@mosaic/proto';
import { z } from 'zod';

const contentSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  mimeType: z.string().optional(),
  uri: z.string().optional(),
  name: z.string().optional(),
  resource: z.looseObject({ uri: z.string().optional(), text: z.string().optional() }).optional(),
});

const resultSchema = z.looseObject({
  content: z.array(contentSchema).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
});

/** What a server answered, as text for the model. Throws `bad_request` for what it calls an error. */
export function resultText(result: unknown): string {
  const { content, isError, structuredContent } = resultSchema.parse(result);
  const said = content.map(partText).filter((text) => text !== '');
  const isSilent = said.length === 0 && structuredContent !== undefined;
  const text = isSilent ? JSON.stringify(structuredContent, null, 2) : said.join('\n\n');
  if (isError) throw new MosaicError('bad_request', text === '' ? 'The tool failed.' : text);
  return text === '' ? 'Done.' : text;
}

function partText(part: z.infer<typeof contentSchema>): string {
  switch (part.type) {
    case 'text':
      return part.text ?? '';
    case 'resource':
      return part.resource?.text ?? `[A resource: ${part.resource?.uri ?? 'without address'}]`;
    case 'resource_link':
      return `[${part.name ?? 'A resource'}: ${part.uri ?? 'without address'}]`;
    default:
      return `[${part.type}: ${part.mimeType ?? 'of an unknown kind'}; it can't be shown here.]`;
  }
}
