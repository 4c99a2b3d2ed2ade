import { z } from 'zod';
import { allContracts } from '../src/all-contracts.ts';
import type { Contract } from '../src/contract.ts';
import { clientFrameSchema, serverFrameSchema } from '../src/gateway/frames.ts';
import {
  acceptedReply,
  createConversationBody,
  explainBody,
  finishedReply,
  sendMessageBody,
  updateConversationBody,
} from '../src/gateway/messages.ts';
import { cardFileSchema } from '../src/providers/catalogue/model-card-file.ts';
import { sharedStates } from '../src/streams.ts';

export type JsonSchema = Record<string, unknown>;

/** Schemas of the gateway's door, which are no bus contracts but just as public. */
const doorSchemas = {
  'gateway.client-frame': clientFrameSchema,
  'gateway.server-frame': serverFrameSchema,
  'gateway.create-conversation': createConversationBody,
  'gateway.update-conversation': updateConversationBody,
  'gateway.send-message': sendMessageBody,
  'gateway.accepted': acceptedReply,
  'gateway.finished': finishedReply,
  'gateway.explain': explainBody,
};

/** Files that operators write. */
const fileSchemas = { 'model-cards': cardFileSchema };

/** The roles of a contract's messages with their schemas. */
export function messagesOf(contract: Contract): Readonly<Record<string, z.ZodType>> {
  switch (contract.kind) {
    case 'request':
      return { request: contract.request, reply: contract.reply };
    case 'stream':
      return { request: contract.request, part: contract.part };
    case 'event':
      return { fact: contract.fact };
    default:
      return contract satisfies never;
  }
}

/**
 * JSON Schema (2020-12) by name, for every message of every contract, the entries of shared state, the
 * gateway's door, and files.
 */
export function allJsonSchemas(): ReadonlyMap<string, JsonSchema> {
  const schemas = new Map<string, JsonSchema>();
  for (const [name, contract] of Object.entries(allContracts)) {
    for (const [role, schema] of Object.entries(messagesOf(contract))) {
      schemas.set(`${name}.${role}`, toJsonSchema(schema));
    }
  }
  for (const [name, schema] of Object.entries({ ...doorSchemas, ...fileSchemas })) {
    schemas.set(name, toJsonSchema(schema));
  }
  for (const [name, { value }] of Object.entries(sharedStates)) {
    schemas.set(`${name}.value`, toJsonSchema(value));
  }
  return schemas;
}

/** Input form: readers stay tolerant, so unknown fields are not forbidden where Zod strips them. */
function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12', reused: 'inline' });
}
