// What a terminal needs before anybody has asked for anything: frames, the reducer, errors, commands.
// The whole contract is 10 MB more of resident memory (measured on Node 24.21); it is read with the
// first question that needs it.
export * from './agents/tool-grants.ts';
export * from './agents/tools-in-words.ts';
export * from './conversation/fold-frames.ts';
export * from './conversation/format-duration.ts';
export * from './conversation/inbox.ts';
export * from './conversation/plain-passage.ts';
export * from './conversation/view.ts';
export * from './errors.ts';
export * from './gateway/backoff.ts';
export * from './gateway/code-of-status.ts';
export * from './gateway/commands.ts';
export * from './gateway/frames.ts';
export * from './ids.ts';
export * from './nearest-name.ts';
export * from './providers/catalogue/price.ts';
export * from './providers/stream-completion.ts';
export * from './providers/usage.ts';
export * from './router/decision.ts';
export * from './router/record/answered-reason.ts';
export * from './router/record/record-in-words.ts';
export * from './router/record/rule-target.ts';
