import { type Environment, readConfig } from '@mosaic/service-kit';
import { ollamaBaseUrl, providersSettings } from '../../services/providers/src/settings.ts';
import { startRecorder } from './record-streams.ts';

/**
 * Puts a recorder before every vendor. Resolves with the variables that send the service to them; they
 * end with `stack`.
 */
export async function recordVendors(
  env: Environment,
  directory: string,
  stack: AsyncDisposableStack,
): Promise<Environment> {
  const config = readConfig(providersSettings, env);
  const urls = {
    ANTHROPIC: config.anthropicUrl,
    OPENAI: config.openaiUrl,
    OPENROUTER: config.openrouterUrl,
    ZAI: config.zaiUrl,
    OLLAMA: ollamaBaseUrl(config),
  };
  const variables: Record<string, string> = {};
  for (const [name, url] of Object.entries(urls)) {
    const target = url.includes('://') ? url : `http://${url}`;
    const recorder = stack.use(await startRecorder(name.toLowerCase(), target, directory));
    variables[`${name}_BASE_URL`] = recorder.url;
    // Else the service would be told two addresses.
    variables[`${name}_BASE_URL_FILE`] = '';
  }
  return variables;
}
