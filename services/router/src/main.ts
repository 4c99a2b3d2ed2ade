import { decideRoute, listRules, MosaicError } from '@mosaic/proto';
import { defineService, runService } from '@mosaic/service-kit';
import { watchCatalogue } from './adapters/catalogue-watch.ts';
import { readTaskModel } from './adapters/read-task-model.ts';
import { chooseRoute } from './app/choose-route.ts';
import { defaultRules, policyVersion } from './app/default-rules.ts';
import { profileTask } from './app/profile-task.ts';

export const routerService = defineService({
  name: 'router',
  settings: {},
  async start({ bus, clock, log, addReadiness, onStop }) {
    const model = readTaskModel();
    // The first use compiles every pattern (37 ms were seen); no person should wait for that.
    const warmUp = { text: 'warm up', contextTokens: 0, needs: { tools: false, vision: false } };
    profileTask(warmUp, model);
    const catalogue = watchCatalogue({ bus, clock, log });
    onStop(() => catalogue.stop());
    addReadiness({ name: 'model-list', check: async () => catalogue.isKnown });

    bus.handle(decideRoute, async (question, { caller }) => {
      // Nobody offering a model is an answer; not having asked yet is none, and passes.
      if (!catalogue.isKnown) {
        throw new MosaicError('service_unavailable', 'The list of models is not known yet.');
      }
      const cards = await catalogue.cardsFor(caller);
      const startedMs = performance.now();
      const decision = chooseRoute(question, {
        cards,
        rules: defaultRules,
        model,
      });
      const tookUs = Math.round((performance.now() - startedMs) * 1_000);
      return { decision: { ...decision, tookUs } };
    });
    bus.handle(listRules, async () => ({ rules: [...defaultRules], policyVersion }));
  },
});

if (import.meta.main) await runService(routerService);
