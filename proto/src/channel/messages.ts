import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract.ts';
import { failureSchema } from '../errors.ts';
import { channelCapabilitiesSchema, channelEnvelope, placeSchema } from './envelope.ts';

export const channelHello = defineRequest({
  subject: 'channel.{channelId}.hello',
  summary: 'A bridge says who it is and what its platform can do, and learns the limits.',
  request: z.object({
    ...channelEnvelope,
    bridge: z.object({ name: z.string().max(64), version: z.string().max(32) }),
    capabilities: channelCapabilitiesSchema,
  }),
  reply: z.object({
    protocol: z.number().int(),
    heartbeatMs: z.number().int().positive(),
    maxTextChars: z.number().int().positive(),
  }),
  servedBy: 'gateway',
  calledBy: ['bridge'],
  caller: 'service',
});

export const channelInbound = defineEvent({
  subject: 'channel.{channelId}.in.message',
  summary: 'Somebody wrote on the platform. Acknowledge the platform only after the stream did.',
  fact: z.object({
    ...channelEnvelope,
    place: placeSchema,
    /** Who wrote, as the platform names them; the gateway maps it to a user. */
    handle: z.string().min(1).max(255),
    displayName: z.string().max(255).optional(),
    text: z.string().min(1).max(100_000),
    /** True for history that is imported: never answered. */
    isHistorical: z.boolean().default(false),
  }),
  publishedBy: ['bridge'],
  consumedBy: ['gateway'],
  stream: 'CHANNEL_IN',
});

export const channelOutbound = defineEvent({
  subject: 'channel.{channelId}.out.message',
  summary: 'Something to show on the platform: an answer, an edit of one, or a notice.',
  fact: z.object({
    ...channelEnvelope,
    place: placeSchema,
    inReplyTo: z.string().optional().describe('Id of the inbound message that is answered.'),
    /** Delivery that this one replaces (streaming by edits); absent for a new message. */
    edits: z.string().optional(),
    isFinal: z.boolean(),
    kind: z.enum(['answer', 'notice', 'error']),
    text: z.string(),
    /** Model, rule and reason of an answer, rendered for people; bridges may show it small. */
    footer: z.string().optional(),
    isSimulated: z.boolean().default(false),
  }),
  publishedBy: ['gateway'],
  consumedBy: ['bridge'],
  stream: 'CHANNEL_OUT',
});

export const channelOutcome = defineEvent({
  subject: 'channel.{channelId}.in.outcome',
  summary: 'What became of one outbound message on the platform.',
  fact: z.object({
    ...channelEnvelope,
    deliveryId: z.string(),
    outcome: z.enum(['sent', 'partial', 'suppressed', 'failed', 'unknown']),
    failure: failureSchema.optional(),
  }),
  publishedBy: ['bridge'],
  consumedBy: ['gateway'],
  stream: 'CHANNEL_IN',
});
