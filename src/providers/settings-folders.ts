/**
 * Folders of a project whose files say what the agent CLIs run by themselves: hooks, servers, rules. What an agent writes
 * there, the next run of that CLI would execute outside any sandbox.
 */
export const settingsFolders: readonly string[] = ['.claude', '.codex', '.gemini'];
