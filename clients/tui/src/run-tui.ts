import { beFrugal } from './engine-settings.ts';
import type { ChatUi } from './interactive/chat-ui.ts';
import type { KeyAction } from './keys/key-map.ts';
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
  beFrugal();
  if (isPlain(options)) {
    const { runPlainChat } = await import('./plain/plain-chat.ts');
    await runPlainChat({ ...(await connectOptions(options)), dataDir: dataDirectory(options.env) });
    return;
  }
  const dataDir = dataDirectory(options.env);
  const [{ PromptScreen }, { loadKeyMap }, { openPreferences }] = await Promise.all([
    import('./interactive/prompt/prompt-screen.ts'),
    import('./keys/key-map.ts'),
    import('./settings/preferences.ts'),
  ]);
  const left = Promise.withResolvers<void>();
  const handlers = makeEarlyHandlers(left.resolve);
  const keyMap = loadKeyMap(dataDir);
  const preferences = openPreferences(dataDir, () => screen.followTheme());
  const screen = new PromptScreen(handlers.current, {
    env: options.env,
    keys: keyMap,
    preferences,
  });
  screen.setFooter(() => dim('Mosaic · connecting… · /help'));
  const signals = ['SIGTERM', 'SIGHUP'] as const;
  const leave = (): void => left.resolve();
  for (const signal of signals) process.once(signal, leave);
  screen.open();
  try {
    // Loaded behind the first paint: contracts and sockets take longer than the prompt may.
    const [{ ChatUi }, { openPromptHistory }] = await Promise.all([
      import('./interactive/chat-ui.ts'),
      import('./settings/prompt-history.ts'),
    ]);
    const prompts = openPromptHistory(dataDir);
    const rest = { dataDir, keyMap, preferences, prompts, quit: left.resolve };
    const ui = new ChatUi(screen, { ...(await connectOptions(options)), ...rest });
    ui.start();
    handlers.handOver(ui);
    await left.promise;
    await ui.stop();
  } finally {
    for (const signal of signals) process.off(signal, leave);
    await screen.close();
  }
}

/** Until the chat is loaded, what is sent waits for it. */
function makeEarlyHandlers(onQuit: () => void) {
  const early: string[] = [];
  let ui: Pick<ChatUi, 'act' | 'maySubmit' | 'submit'> | null = null;
  return {
    current: {
      maySubmit: (text: string): boolean => ui?.maySubmit(text) ?? true,
      onSubmit: (text: string): void => (ui === null ? void early.push(text) : ui.submit(text)),
      onAction: (action: KeyAction): boolean => ui?.act(action) ?? false,
      onQuit,
    },
    handOver(loaded: Pick<ChatUi, 'act' | 'maySubmit' | 'submit'>): void {
      ui = loaded;
      for (const text of early.splice(0)) loaded.submit(text);
    },
  };
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
  return plain === true || !isTerminal || env['TERM'] === 'dumb';
}
