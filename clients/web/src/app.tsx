import { useEffect, useState } from 'react';
import { ChatPage } from './chat-page.tsx';
import { SignInPage } from './session/sign-in-page.tsx';
import { UnreachablePage } from './session/unreachable-page.tsx';
import { useSession } from './session/use-session.ts';
import { ChatClient } from './transport/chat-client.ts';
import { ClientProvider } from './transport/client-context.ts';

const socketUrl = (): string =>
  `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;

const reopenAfterMs = 3_000;

/** The whole client: the way in, then the chat. */
export function App() {
  const { state, isTokenRefused, ask, leave } = useSession();
  const [client] = useState(() => {
    const onRefused = async (): Promise<void> => {
      // Known here but refused there (a proxy that keeps cookies back): no hurry to try again.
      if ((await ask()) === 'signed-in') setTimeout(() => client.reopen(), reopenAfterMs);
    };
    const client = new ChatClient({ url: socketUrl(), onRefused: () => void onRefused() });
    return client;
  });
  useEffect(() => (state === 'signed-in' ? client.start() : undefined), [client, state]);
  switch (state) {
    case 'asking':
      return null;
    case 'signed-out':
      return <SignInPage isTokenRefused={isTokenRefused} onDone={ask} />;
    case 'unreachable':
      return <UnreachablePage onAsk={ask} />;
    case 'signed-in':
      return (
        <ClientProvider value={client}>
          <ChatPage onSignOut={() => void leave()} />
        </ClientProvider>
      );
    default:
      return state satisfies never;
  }
}
