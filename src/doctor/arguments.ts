import type {LaunchOptions} from '../model/agent.ts';

/** An argument of the operator's own that makes a boundary void, or has no effect. */
export interface ArgumentWarning {
	readonly text: string;
	readonly help: string;
}

interface Rule {
	/** Matches the argument, with the word that follows it. */
	readonly pattern: RegExp;
	readonly text: string;
	readonly help: string;
}

const omit = 'Omit it, or register the agent with --permissions full, so that everybody knows.';
const allow = 'Name the commands instead: raid register AGENT --allow COMMAND';

const rules: Readonly<Record<string, readonly Rule[]>> = {
	codex: [
		{
			pattern: /^(?:-s\b|--sandbox\b|--full-auto$|--yolo$|--dangerously-bypass-approvals-and-sandbox$)/,
			text: "takes the place of raid's permission profile, so that the agent can write raid's records",
			help: omit,
		},
		{
			pattern: /^(?:-c|--config)[ =](?:default_permissions|permissions\.raid\.(?:extends|filesystem))\b/,
			text: "changes raid's permission profile",
			help: omit,
		},
		{
			pattern: /^(?:-c|--config)[ =]sandbox_workspace_write\./,
			text: 'has no effect, because raid gives Codex a permission profile',
			help: 'For the network: -c permissions.raid.network.enabled=true',
		},
		{
			pattern: /^--enable[ =]use_legacy_landlock$/,
			text: 'lets every command fail under a permission profile',
			help: 'Omit it.',
		},
	],
	claude: [
		{
			pattern: /^(?:--dangerously-skip-permissions$|--permission-mode[ =]bypassPermissions$)/,
			text: 'lets the agent do everything',
			help: omit,
		},
		{
			pattern: /^--allowed-?[tT]ools[ =](?:.{0,200}[ ,])?(?:Bash|Bash\(\*\)|Bash\(:\*\))(?:[ ,]|$)/,
			text: 'lets the agent run every command, and a command may write anything',
			help: allow,
		},
	],
	gemini: [
		{
			pattern: /^--admin-policy(?:=|$)/,
			text: "may replace the rules that keep the agent from raid's records",
			help: 'Give your own rules in ~/.gemini/policies, which spawns read too.',
		},
		{
			pattern: /^(?:-y$|--yolo$|--approval-mode[ =](?:yolo|auto_edit)$)/,
			text: 'lets a command that is allowed write any file by a redirection',
			help: omit,
		},
		{
			pattern: /^--allowed-tools[ =](?:.{0,200}[ ,])?run_shell_command(?:[ ,]|$)/,
			text: 'lets the agent run every command, and a command may write anything',
			help: allow,
		},
	],
};

/** The operator's arguments that make the boundary of an agent void, or have no effect. None for an agent without a boundary. */
export function argumentWarnings(
	provider: string | null,
	{args, permissions}: Pick<LaunchOptions, 'args' | 'permissions'>,
): readonly ArgumentWarning[] {
	if (permissions === 'full') return [];
	const own = rules[provider ?? ''] ?? [];
	return args.flatMap((word, index) => {
		const next = args[index + 1];
		const forms = next === undefined ? [word] : [word, `${word} ${next}`];
		const rule = own.find(({pattern}) => forms.some(form => pattern.test(form)));
		if (rule === undefined) return [];
		const shown = rule.pattern.test(word) ? word : `${word} ${next}`;
		return [{text: `its argument ${shown} ${rule.text}`, help: rule.help}];
	});
}
