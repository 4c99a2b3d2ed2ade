import { z } from 'zod';

/** Made by the vendor; unique within a run. */
export const callIdSchema = z.string().min(1).max(200);

/** What a person says to a call that waits: this once, in this conversation from now on, or no. */
export const approvalAnswerSchema = z.enum(['once', 'conversation', 'deny']);
export type ApprovalAnswer = z.infer<typeof approvalAnswerSchema>;

/**
 * How a call ended: it `ran`, it `failed` by itself, the agent's list `refused` it, a person `denied`
 * it, nobody answered in time (`expired`), it took too long (`timed-out`), or the turn was `stopped`.
 */
export const toolOutcomeSchema = z.enum([
  'ran',
  'failed',
  'refused',
  'denied',
  'expired',
  'timed-out',
  'stopped',
]);
export type ToolOutcome = z.infer<typeof toolOutcomeSchema>;
