export interface LocalModel {
  readonly name: string;
  readonly family: string;
  readonly size: string;
  readonly bytes: number;
  readonly context: number;
  readonly embeddingWidth: number;
  readonly capabilities: readonly string[];
}

const localModels: readonly LocalModel[] = [
  {
    name: 'llama3.2',
    family: 'llama',
    size: '3.2B',
    bytes: 2_019_393_189,
    context: 131_072,
    embeddingWidth: 3072,
    capabilities: ['completion', 'tools'],
  },
  {
    name: 'qwen3',
    family: 'qwen3',
    size: '8.2B',
    bytes: 5_225_388_164,
    context: 40_960,
    embeddingWidth: 4096,
    capabilities: ['completion', 'tools', 'thinking'],
  },
  {
    name: 'nomic-embed-text',
    family: 'nomic-bert',
    size: '137M',
    bytes: 274_302_450,
    context: 2048,
    embeddingWidth: 768,
    capabilities: ['embedding'],
  },
];

/** Finds a model by name; a name without a tag means `latest`, as with the real thing. */
export function findLocalModel(name: string): LocalModel | undefined {
  const plain = name.replace(/:latest$/, '');
  return localModels.find((model) => model.name === plain);
}

function detailsOf(model: LocalModel) {
  return {
    parent_model: '',
    format: 'gguf',
    family: model.family,
    families: [model.family],
    parameter_size: model.size,
    quantization_level: 'Q4_K_M',
  };
}

/** The body of GET /api/tags. */
export function listTags() {
  return {
    models: localModels.map((model) => ({
      name: `${model.name}:latest`,
      model: `${model.name}:latest`,
      modified_at: '2026-10-01T12:00:00.000000000Z',
      size: model.bytes,
      digest: Buffer.from(model.name).toString('hex').padEnd(64, '0'),
      details: detailsOf(model),
    })),
  };
}

/** The body of POST /api/show. */
export function showModel(model: LocalModel) {
  return {
    license: '',
    modelfile: `FROM ${model.name}:latest`,
    parameters: 'stop                           "<|eot_id|>"',
    template: '{{ .Prompt }}',
    details: detailsOf(model),
    model_info: {
      'general.architecture': model.family,
      'general.parameter_count': Math.round(Number.parseFloat(model.size) * 1e9),
      [`${model.family}.context_length`]: model.context,
      [`${model.family}.embedding_length`]: model.embeddingWidth,
    },
    capabilities: model.capabilities,
    modified_at: '2026-10-01T12:00:00.000000000Z',
  };
}
