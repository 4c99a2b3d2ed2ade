interface Sample {
  readonly language: string;
  readonly asked: RegExp;
  readonly code: string;
}

const samples: readonly Sample[] = [
  {
    language: 'python',
    asked: /python/i,
    code: 'def first_words(text: str, count: int = 3) -> str:\n    """The first words of a text."""\n    return " ".join(text.split()[:count])',
  },
  {
    language: 'rust',
    asked: /\brust\b/i,
    code: 'fn first_words(text: &str, count: usize) -> String {\n    text.split_whitespace().take(count).collect::<Vec<_>>().join(" ")\n}',
  },
  {
    language: 'go',
    asked: /\bgo(?:lang)?\b/i,
    code: 'func firstWords(text string, count int) string {\n\twords := strings.Fields(text)\n\treturn strings.Join(words[:min(count, len(words))], " ")\n}',
  },
  {
    language: 'sql',
    asked: /\bsql\b/i,
    code: 'select author, count(*) as messages\nfrom message\ngroup by author\norder by messages desc;',
  },
];

const fallback = {
  language: 'typescript',
  code: "export function firstWords(text: string, count = 3): string {\n  return text.trim().split(/\\s+/).slice(0, count).join(' ');\n}",
};

/** A small block of real code in the language that was asked for; not an answer to the question. */
export function sampleCode(question: string): string {
  const { language, code } = samples.find(({ asked }) => asked.test(question)) ?? fallback;
  return `No model is here to write that, so this is a fixed sample in ${language}:\n\n\`\`\`${language}\n${code}\n\`\`\``;
}
