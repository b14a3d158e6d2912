import { UsageError } from "@leat/core";
import { notFoundMessage } from "@leat/worker";
import type { Program } from "./command.ts";
import { parseFlags, refuseExtra } from "./flags.ts";
import { COMMON_FLAGS, commandHelp, isHelpWanted, showHelp } from "./help.ts";

/** What each shell is to do: ask `leat completion words` for candidates, and offer files when there are none. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# leat completion bash >> ~/.bashrc
_leat() {
  local IFS=$'\\n' candidates
  candidates=$("\${COMP_WORDS[0]}" completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1)
  COMPREPLY=($(compgen -W "$candidates" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _leat leat
`,
  zsh: `#compdef leat
# leat completion zsh > a file _leat in a folder of $fpath, or: source <(leat completion zsh)
_leat() {
  local line
  local -a candidates
  for line in "\${(@f)$("\${words[1]}" completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( $#candidates )); then _describe leat candidates; else _files; fi
}
compdef _leat leat
`,
  fish: `# leat completion fish > ~/.config/fish/completions/leat.fish
function __leat_candidates
    set -l words (commandline -opc)
    set -l candidates ($words[1] completion words -- $words[2..-1] (commandline -ct) 2>/dev/null)
    if test (count $candidates) -gt 0
        printf '%s\\n' $candidates
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c leat -f -a '(__leat_candidates)'
`,
};

export const SHELLS: readonly string[] = Object.keys(SCRIPTS);

/** `leat completion SHELL`: prints a script for it. */
export const completion: Program = { flags: [], execute };

async function execute(args: readonly string[]): Promise<number> {
  // What the scripts call; a person has no use for it.
  if (args[0] === "words") return words(args.slice(args.indexOf("--") + 1));
  const parsed = parseFlags(args, COMMON_FLAGS);
  if (isHelpWanted(parsed)) {
    showHelp(commandHelp(`completion ${SHELLS.join("|")}`, parsed, COMMON_FLAGS));
    return 0;
  }
  refuseExtra(parsed, 1, "Give one shell.");
  const [shell = ""] = parsed.positionals;
  const script = SCRIPTS[shell];
  if (script === undefined)
    throw new UsageError("FLAG_INVALID", notFoundMessage("completion for the shell", shell, SHELLS));
  showHelp([script.trimEnd()]);
  return 0;
}

async function words(typed: readonly string[]): Promise<number> {
  const { candidatesFor } = await import("./completion-words.ts");
  const candidates = await candidatesFor(typed);
  if (candidates.length > 0) showHelp(candidates.map(({ text, description }) => `${text}\t${description}`));
  return 0;
}
