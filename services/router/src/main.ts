import { defineService, runService, watchPreferences } from '@mosaic/service-kit';
import { watchAgents } from './adapters/agent-watch.ts';
import { watchBudgets } from './adapters/budget-watch.ts';
import { watchCatalogue } from './adapters/catalogue-watch.ts';
import { nowUs, serveDecisions } from './adapters/decide-routes.ts';
import { makeJudge } from './adapters/judge/ask-judge.ts';
import { watchLatencies } from './adapters/latency-watch.ts';
import { serveLearning } from './adapters/learning/serve-learning.ts';
import { readTaskModel } from './adapters/read-task-model.ts';
import { removePeople } from './adapters/remove-people.ts';
import { openRules } from './adapters/rules/open-rules.ts';
import { serveReplay } from './adapters/rules/serve-replay.ts';
import { serveRules } from './adapters/rules/serve-rules.ts';
import { serveTiers } from './adapters/rules/serve-tiers.ts';
import { warmUp } from './app/warm-up.ts';
import { routerSettings } from './settings.ts';

export const routerService = defineService({
  name: 'router',
  settings: routerSettings,
  async start({ bus, clock, config, log, addReadiness, onDrain, onStop }) {
    const model = readTaskModel();
    warmUp(model);
    const catalogue = watchCatalogue({ bus, clock, log });
    onStop(() => catalogue.stop());
    addReadiness({ name: 'model-list', check: async () => catalogue.isKnown });

    const agents = watchAgents({ bus, clock, log });
    const rules = openRules({ bus, log, databaseUrl: config.databaseUrl });
    onStop(() => rules.close());
    onDrain(() => rules.book.stop());
    addReadiness({
      name: 'routing-rules',
      check: async () => rules.book.hasLooked,
      detail: () => rules.book.trouble,
    });

    const latencies = watchLatencies(bus);
    onStop(() => latencies.stop());
    const budgets = watchBudgets({ bus, clock, log });
    onStop(() => budgets.stop());
    const preferences = watchPreferences({ bus, clock, log });
    onStop(() => preferences.stop());
    const judge = makeJudge({ bus, log, nowUs, preferences });
    const removing = await removePeople({ bus, log, preferences, rules });
    onDrain(() => removing.stop());

    const serving = { bus, rules, catalogue, agents };
    serveDecisions(bus, { ...serving, budgets, clock, judge, latencies, model });
    serveRules(serving);
    serveTiers(serving);
    serveReplay({ ...serving, model });
    serveLearning({ ...serving, model });
  },
});

if (import.meta.main) await runService(routerService);
