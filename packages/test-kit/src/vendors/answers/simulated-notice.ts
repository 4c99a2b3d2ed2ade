import type { VendorName } from '../wire/vendor-name.ts';

const remedies: Readonly<Record<VendorName, string>> = {
  anthropic: 'no Anthropic key is set. For real answers set `ANTHROPIC_API_KEY` and start again.',
  openai: 'no OpenAI key is set. For real answers set `OPENAI_API_KEY` and start again.',
  openrouter:
    'no OpenRouter key is set. For real answers set `OPENROUTER_API_KEY` and start again.',
  zai: 'no Z.ai key is set. For real answers set `ZAI_API_KEY` and start again.',
  ollama: 'no Ollama was found. For real answers start Ollama and start Mosaic again.',
};

/** First line of an answer: that it is simulated, whose it would be, and how to get a real one. */
export function simulatedNotice(model: string, vendor: VendorName): string {
  return `> **Simulated answer** of \`${model}\`: ${remedies[vendor]}`;
}
