import type { CommandNameIn } from '@mosaic/proto';
import { changeAgent } from './agents/agent.ts';
import { showInstructions } from './agents/system.ts';
import { listTools } from './agents/tools.ts';
import { approve } from './answer/approve.ts';
import { copy } from './answer/copy.ts';
import { cost } from './answer/cost.ts';
import { retry } from './answer/retry.ts';
import { why } from './answer/why.ts';
import type { RunCommand } from './command.ts';
import { archive, incognito, pin } from './conversation/arrange.ts';
import { exportConversation } from './conversation/export.ts';
import { fork } from './conversation/fork.ts';
import { history } from './conversation/history.ts';
import { beginNew } from './conversation/new.ts';
import { rename } from './conversation/rename.ts';
import { search } from './conversation/search.ts';
import { memory, remember } from './memory/memory.ts';
import { storage } from './memory/storage.ts';
import { pinModel } from './model/model.ts';
import { correctRoute } from './model/route.ts';
import { listRules } from './model/rules.ts';
import { thinking } from './model/thinking.ts';
import { help } from './program/help.ts';
import { quit } from './program/quit.ts';
import { chooseTheme } from './program/theme.ts';

/** What each command of the manifest does here; names, arguments and summaries stand there. */
export const commandCode: Readonly<Record<CommandNameIn<'terminal'>, RunCommand>> = {
  model: pinModel,
  agent: changeAgent,
  system: showInstructions,
  tools: listTools,
  thinking,
  rules: listRules,
  route: correctRoute,
  new: beginNew,
  history,
  search,
  rename,
  fork,
  export: exportConversation,
  pin,
  archive,
  incognito,
  approve,
  why,
  retry,
  copy,
  cost,
  memory,
  remember,
  storage,
  theme: chooseTheme,
  help,
  quit,
};
