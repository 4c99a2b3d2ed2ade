import type { TaskType } from '@mosaic/proto';

/** A visible sign in the user's words: what it looks like, what it speaks for, and how strongly. */
export interface Cue {
  /** How the sign is named to people. */
  readonly says: string;
  readonly pattern: RegExp;
  readonly task: TaskType;
  readonly weight: number;
}

type Sign = readonly [weight: number, says: string, pattern: RegExp];

const cuesOf = (task: TaskType, signs: readonly Sign[]): Cue[] =>
  signs.map(([weight, says, pattern]) => ({ task, weight, says, pattern }));

/**
 * Signs of each task, in several languages where the words are common. All patterns are linear: no
 * nested repetition, so a hostile text cannot make them slow.
 */
export const cues: readonly Cue[] = [
  ...cuesOf('coding', [
    [3, 'code block', /```/],
    [3, 'stack trace', /\bTraceback \(most|\bat \S+ \([^)\n]{1,200}:\d+\)|\bpanic: /],
    [
      2.5,
      'error name',
      /\b(?:[A-Z][a-zA-Z]{2,30}(?:Error|Exception)|segfault|segmentation fault|null pointer)\b/,
    ],
    [
      2,
      'programming language',
      /\b(?:python|typescript|javascript|java|rust|golang|kotlin|swift|php|ruby|c\+\+|c#|bash|powershell|sql|html|css|react|vue|svelte|django|express|node\.?js|dockerfile|kubernetes|terraform|regex)\b/i,
    ],
    [
      2,
      'code word',
      /\b(?:function|class|method|endpoint|api|unit tests?|compiler?|refactor\w*|debug\w*|bug|stack trace|pull request|repository|codebase|schema migration|algorithm|recursion|async|mutex|race condition|memory leak|lru cache|middleware|cli tool|script)\b/i,
    ],
    [
      2,
      'asks to build',
      /\b(?:implement|code|program|refactor|debug|fix)\b.{0,60}\b(?:this|the|a|an|my)\b/i,
    ],
    [
      1.5,
      'source code',
      /[{};]\s*\n|=>|\b(?:def|import|const|let|return|public static|fn) \w|<\/\w+>/,
    ],
    [2, 'file name', /\b[\w-]+\.(?:ts|tsx|js|py|rs|go|java|rb|php|cpp|cs|sql|sh|yml|yaml)\b/],
    [
      2.5,
      'Programmieren / 编程',
      /Funktion|Quellcode|programmier\w*|代码|函数|编程|コード|código/i,
    ],
  ]),
  ...cuesOf('math', [
    [
      3,
      'asks to prove or solve',
      /\b(?:solve|prove|integrate|differentiate|derivative|integral|equation|factor(?:ise|ize)|eigenvalues?|probability that)\b/i,
    ],
    [2, 'formula', /\d\s*[+*/^=]\s*\d|\\frac|\\int|x\^2|√|∑/],
    [1.5, 'asks for a number', /\b(?:calculate|compute|how many|percent(?:age)?)\b/i],
  ]),
  ...cuesOf('reasoning', [
    [
      2.5,
      'puzzle',
      /\b(?:riddle|puzzle|logic(?:al)?|deduce|infer|paradox|step by step|if all \w+ are)\b/i,
    ],
    [
      2,
      'asks to weigh',
      /\b(?:trade-?offs?|pros and cons|should (?:i|we)|which is better|what would happen if|root cause)\b/i,
    ],
  ]),
  ...cuesOf('summarization', [
    [
      4,
      'asks to summarise',
      /\b(?:summar(?:y|ise|ize|ies|ising|izing|isation|ization)|tl;?dr|key (?:points|takeaways)|condense|shorten|boil down|in (?:one|two|three|\d+) sentences?)\b/i,
    ],
    [
      4,
      'Zusammenfassung / 总结',
      /\bfass\w*\b.{0,80}\bzusammen\b|zusammen(?:fass\w*|gefasst)|résum\w+|riassum\w+|resum(?:e|en|ir)\b|总结|摘要|概括|要約/i,
    ],
  ]),
  ...cuesOf('extraction', [
    [
      3,
      'asks to extract',
      /\b(?:extract|pull out|list all (?:the )?(?:names|dates|emails|entities|numbers))\b/i,
    ],
    [1.5, 'structured result', /\b(?:as|into|in) (?:json|csv|a table)\b/i],
  ]),
  ...cuesOf('classification', [
    [
      3,
      'asks to classify',
      /\b(?:classify|categori[sz]e|label (?:each|the|this)|sentiment|is this (?:spam|positive|negative))\b/i,
    ],
  ]),
  ...cuesOf('creative_writing', [
    [
      3,
      'asks for a text of fancy',
      /\b(?:poem|haiku|limerick|short story|story about|novel|song|lyrics|screenplay|fairy tale|sonnet|Gedicht)\b/i,
    ],
    [
      1.5,
      'asks to write',
      /\bwrite (?:me )?(?:a|an|the) (?!function|script|program|class|test|query)/i,
    ],
  ]),
  ...cuesOf('rewriting', [
    [
      3,
      'asks to rewrite',
      /\b(?:rewrite|rephrase|paraphrase|proofread|reword|make (?:this|it) (?:shorter|clearer|more (?:formal|polite|friendly))|fix (?:the|my) grammar|improve (?:this|my) (?:text|email|paragraph|essay))\b/i,
    ],
  ]),
  ...cuesOf('translation', [
    [
      4,
      'asks to translate',
      /\b(?:translat\w+|übersetz\w*|tradu\w+|traduire|in(?:to)? (?:german|french|spanish|italian|chinese|japanese|english|portuguese|russian)\b)|翻译|翻訳/i,
    ],
  ]),
  ...cuesOf('brainstorming', [
    [
      3,
      'asks for ideas',
      /\b(?:brainstorm|ideas? for|suggest (?:some|a few|\d+)|come up with|names? for (?:a|my|our))\b/i,
    ],
  ]),
  ...cuesOf('data_analysis', [
    [
      3,
      'data to look at',
      /\b(?:dataset|data set|dataframe|csv file|spreadsheet|correlation|regression|outliers?|time series|quarterly figures|pivot table)\b/i,
    ],
    [
      1.5,
      'asks to analyse',
      /\banaly[sz]e\b.{0,40}\b(?:data|numbers|figures|results|table|survey)\b/i,
    ],
  ]),
  ...cuesOf('research', [
    [
      3,
      'asks for research',
      /\b(?:research|literature|state of the art|survey of|compare (?:the )?(?:approaches|studies|evidence|vendors|frameworks)|what (?:do studies|does the evidence)|sources? (?:on|for)|in[- ]depth (?:report|overview)|market overview)\b/i,
    ],
    [1.5, 'asks to compare', /\bcompare\b.{0,80}\b(?:and|with|to|versus|vs)\b/i],
  ]),
  ...cuesOf('simple_qa', [
    [
      2,
      'short question',
      /^(?:what|who|when|where|which|how (?:old|tall|far|big|long|much|many)|is|are|was|were|does|do|did|can|wer|was|wann|wo|quand|qui|qué|quién|cosa|chi)\b[^\n]{0,110}\?\s*$/i,
    ],
    [
      1.5,
      'asks for a definition',
      /\b(?:capital of|meaning of|define|definition of|stand for|what is (?:a|an|the)|who (?:is|was)|when (?:is|was|did))\b/i,
    ],
    [2, '是什么', /(?:是什么|是谁|在哪里|什么时候|多少)[^\n]{0,20}[??]?\s*$/],
  ]),
  ...cuesOf('chat', [
    [
      3,
      'greeting or thanks',
      /^(?:hi|hello|hey|good (?:morning|evening|night)|thanks?(?: you)?|thx|how are you|what'?s up|hallo|guten (?:tag|morgen|abend)|danke|bonjour|merci|hola|gracias|ciao|grazie|你好|谢谢)\b/i,
    ],
    [
      1.5,
      'personal talk',
      /\b(?:i feel|i'm feeling|my day|let's (?:talk|chat)|tell me about yourself|advice)\b/i,
    ],
  ]),
];
