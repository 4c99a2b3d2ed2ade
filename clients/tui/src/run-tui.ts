import { dim } from './screen/style.ts';
import {
  dataDirectory,
  type Environment,
  gatewayUrl,
  readToken,
} from './settings/gateway-settings.ts';

export interface TuiOptions {
  /** Address of the gateway; else `MOSAIC_URL`, else this machine. */
  readonly url?: string | undefined;
  /** Session token or API key; else `MOSAIC_TOKEN`, else the local owner's token file. */
  readonly token?: string | undefined;
  /** Append-only output without boxes, for screen readers, logs and dumb terminals. */
  readonly plain?: boolean | undefined;
  readonly conversation?: string | undefined;
  readonly newConversation?: boolean | undefined;
  readonly env: Environment;
}

/** Chats in the terminal until the person leaves. Needs no gateway to begin: it connects meanwhile. */
export async function runTui(options: TuiOptions): Promise<void> {
  if (isPlain(options)) {
    const { runPlainChat } = await import('./plain/plain-chat.ts');
    await runPlainChat(await connectOptions(options));
    return;
  }
  const { PromptScreen } = await import('./interactive/prompt-screen.ts');
  const early: string[] = [];
  const left = Promise.withResolvers<void>();
  const handlers = {
    onSubmit: (text: string): void => void early.push(text),
    onEscape: (): void => {},
    onQuit: left.resolve,
  };
  const screen = new PromptScreen(
    {
      onSubmit: (text) => handlers.onSubmit(text),
      onEscape: () => handlers.onEscape(),
      onQuit: left.resolve,
    },
    options.env,
  );
  screen.setFooter(() => dim('Mosaic · connecting… · /help'));
  const signals = ['SIGTERM', 'SIGHUP'] as const;
  const leave = (): void => left.resolve();
  for (const signal of signals) process.once(signal, leave);
  screen.open();
  try {
    // Loaded behind the first paint: contracts and sockets take longer than the prompt may.
    const { ChatUi } = await import('./interactive/chat-ui.ts');
    const ui = new ChatUi(screen, { ...(await connectOptions(options)), quit: left.resolve });
    handlers.onSubmit = (text) => ui.submit(text);
    handlers.onEscape = () => ui.escape();
    ui.start();
    for (const text of early) ui.submit(text);
    await left.promise;
    ui.stop();
  } finally {
    for (const signal of signals) process.off(signal, leave);
    await screen.close();
  }
}

async function connectOptions(options: TuiOptions) {
  const { rememberConversation } = await import('./settings/remembered-conversation.ts');
  const url = options.url ?? gatewayUrl(options.env);
  return {
    url,
    readToken: () => readToken(options.token, options.env),
    remembered: rememberConversation(dataDirectory(options.env), url),
    startWith: startWith(options),
  };
}

function startWith({ conversation, newConversation }: TuiOptions) {
  if (conversation !== undefined)
    return { kind: 'named', id: conversation, ifGone: 'begin-anew' } as const;
  return newConversation === true ? ({ kind: 'new' } as const) : ({ kind: 'last' } as const);
}

function isPlain({ plain, env }: TuiOptions): boolean {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  return plain === true || !isTerminal || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
}
