export { askExitCodes } from './ask/exit-codes.ts';
export { type AskOptions, runAsk } from './ask/run-ask.ts';
export { runTui, type TuiOptions } from './run-tui.ts';
