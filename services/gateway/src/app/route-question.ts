import type { Agent, decideRoute, RequestOf } from '@mosaic/proto';

export interface RouteWish {
  readonly text: string;
  /** `auto` leaves it to the router. */
  readonly model?: string | undefined;
  readonly agent?: Agent | undefined;
  readonly needs?: RouteQuestion['needs'];
  /** Estimated tokens of everything besides the text. */
  readonly contextTokens?: number;
  /** Further facts that rules look at, as far as somebody tells them. */
  readonly facts?: Partial<
    Pick<
      RouteQuestion,
      | 'bringsTools'
      | 'channel'
      | 'costTier'
      | 'budgetLeftUsd'
      | 'localTime'
      | 'mayAskJudge'
      | 'timeZone'
      | 'outputTokens'
    >
  >;
}

type RouteQuestion = RequestOf<typeof decideRoute>;

/** What the router is asked. */
export function routeQuestion(wish: RouteWish): RouteQuestion {
  const { agent, model, text } = wish;
  return {
    ...wish.facts,
    text,
    ...(model === undefined || model === 'auto' ? {} : { messageModel: model }),
    ...(agent === undefined
      ? {}
      : {
          agent: { name: agent.name, ...(agent.model === null ? {} : { model: agent.model }) },
        }),
    needs: wish.needs ?? { tools: (agent?.tools.length ?? 0) > 0, vision: false },
    contextTokens: wish.contextTokens ?? Math.ceil((agent?.systemPrompt.length ?? 0) / 4),
  };
}
