import { defineCommand } from '../command.ts';
import { completionScript } from '../completion-script.ts';

export const completionCommand = defineCommand({
  name: 'completion',
  summary: 'Print a completion script for your shell',
  positionals: {},
  flags: {},
  examples: [
    ['$0 completion >> ~/.bashrc', 'Complete commands, flags and revisions in bash'],
    ['$0 completion >> ~/.zshrc', 'The same in zsh; $SHELL says which is meant'],
  ],
  run: async () => {
    const script = completionScript();
    return { report: { script }, text: () => script };
  },
});
