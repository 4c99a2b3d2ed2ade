import type { LauncherConfig } from '../../settings/launcher-settings.ts';
import { decideDemo, type Mode } from './decide-demo.ts';
import { ollamaAddress, ollamaAnswers } from './find-ollama.ts';

/** Looks what there is to ask, and decides between real and simulated vendors. */
export async function chooseMode(config: LauncherConfig): Promise<Mode> {
  const { anthropicKey, openaiKey, openrouterKey, zaiKey } = config;
  const keys = {
    Anthropic: anthropicKey,
    OpenAI: openaiKey,
    OpenRouter: openrouterKey,
    'Z.ai': zaiKey,
  };
  const vendorsWithKey = Object.entries(keys).flatMap(([name, key]) =>
    key === undefined ? [] : [name],
  );
  const wish = config.demo;
  const address = ollamaAddress(config.ollamaUrl, config.ollamaHost);
  const hasOllama = wish !== '1' && (await ollamaAnswers(address));
  return decideDemo({ wish, vendorsWithKey, hasOllama });
}
