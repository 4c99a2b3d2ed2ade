import { MosaicError } from '@mosaic/proto';
import type { Command } from '../command-line/command.ts';

/** A command with the options that its help names. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly string[];
}

type Script = (commands: readonly CompletedCommand[]) => string;

/** The command that prints how a shell completes commands and options. */
export const completionCommand = (list: () => Promise<readonly CompletedCommand[]>): Command => ({
  usage: `Usage: mosaic completion bash|zsh|fish

Prints a script that completes commands and their options.

  bash   mosaic completion bash > ~/.local/share/bash-completion/completions/mosaic
  zsh    mosaic completion zsh > a file named _mosaic in a folder of $fpath
  fish   mosaic completion fish > ~/.config/fish/completions/mosaic.fish`,
  async run([shell = ''], terminal) {
    const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
    if (script === undefined) {
      throw new MosaicError('bad_request', 'Say for which shell: bash, zsh or fish.');
    }
    terminal.print(script(await list()));
    return 0;
  },
});

/** The options that a usage text names: `--model`, …, and `--help`, which all have. */
export function optionsIn(usage: string): string[] {
  return [...new Set([...(usage.match(/--[a-z][a-z-]*/g) ?? []), '--help'])];
}

const names = (commands: readonly CompletedCommand[]): string =>
  commands.map(({ name }) => name).join(' ');

const bash: Script = (commands) => `_mosaic() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words='${names(commands)}'
  if [ "$COMP_CWORD" -gt 1 ]; then
    case "\${COMP_WORDS[1]}" in
${commands.map(({ name, options }) => `      ${name}) words='${options.join(' ')}' ;;`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _mosaic mosaic`;

const zsh: Script = (commands) => `#compdef mosaic
_mosaic() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${commands.map(({ name, summary }) => `      ${quote(`${name}:${summary}`)}`).join('\n')}
    )
    _describe command commands
    return
  fi
  case "$words[2]" in
${commands.map(({ name, options }) => `    ${name}) compadd -- ${options.join(' ')} ;;`).join('\n')}
  esac
  _files
}
compdef _mosaic mosaic`;

const fish: Script = (commands) =>
  [
    'complete -c mosaic -f',
    ...commands.flatMap(({ name, options, summary }) => [
      `complete -c mosaic -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
      ...options.map(
        (option) =>
          `complete -c mosaic -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`,
      ),
    ]),
  ].join('\n');

const scripts: Readonly<Record<string, Script>> = { bash, zsh, fish };

/** For all three shells: a single quote ends the string, is written, and begins it again. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
