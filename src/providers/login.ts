import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {LoginState} from './provider.ts';
import {contentOf, homeOf} from './user-files.ts';

/** Where the signs of a login are looked for. */
export interface LoginPlace {
	readonly env: NodeJS.ProcessEnv;
	/** The directory that agents work in. */
	readonly cwd: string;
}

/**
 * What variables and files say of a provider's login: nothing is run and nobody is asked, so that this is cheap, and no
 * proof. False means that there is no sign of one. A provider that needs no login has one.
 */
export function signOfLogin(provider: string, place: LoginPlace): LoginState {
	switch (provider) {
		case 'claude':
			return signOfClaude(place);
		case 'codex':
			return signOfCodex(place);
		case 'gemini':
			return signOfGemini(place);
		default:
			return {isThere: true, text: 'needs no login'};
	}
}

const claudeVariables = [
	'ANTHROPIC_API_KEY',
	'ANTHROPIC_AUTH_TOKEN',
	'CLAUDE_CODE_OAUTH_TOKEN',
	'CLAUDE_CODE_USE_BEDROCK',
	'CLAUDE_CODE_USE_VERTEX',
	'CLAUDE_CODE_USE_FOUNDRY',
];

function signOfClaude({env, cwd}: LoginPlace): LoginState {
	const variable = firstSet(env, claudeVariables);
	if (variable !== null) return variable;
	const home = homeOf(env);
	const folder = env.CLAUDE_CONFIG_DIR || join(home, '.claude');
	const credentials = join(folder, '.credentials.json');
	if (existsSync(credentials)) return {isThere: true, text: `${credentials} is there`};
	const settings = [
		join(folder, 'settings.json'),
		join(cwd, '.claude', 'settings.json'),
		join(cwd, '.claude', 'settings.local.json'),
		'/etc/claude-code/managed-settings.json',
	];
	const named = ['apiKeyHelper', ...claudeVariables];
	const file = settings.find(path => named.some(name => contentOf(path).includes(`"${name}"`)));
	if (file !== undefined) return {isThere: null, text: `${file} may give it a key`};
	const state = [join(folder, '.claude.json'), join(home, '.claude.json')];
	if (state.some(path => /"(?:oauthAccount|primaryApiKey)"[ \t]{0,9}:[ \t]{0,9}["{]/.test(contentOf(path))))
		return {isThere: null, text: 'an account was used once, but its credentials are not in a file'};
	// There the credentials are in the keychain, which only the CLI reads.
	if (process.platform === 'darwin') return {isThere: null, text: 'its login may be in the keychain'};
	return {isThere: false, text: `no sign of a login: neither ANTHROPIC_API_KEY nor ${credentials}`};
}

function signOfCodex({env}: LoginPlace): LoginState {
	const variable = firstSet(env, ['CODEX_API_KEY', 'CODEX_ACCESS_TOKEN']);
	if (variable !== null) return variable;
	const folder = env.CODEX_HOME || join(homeOf(env), '.codex');
	const auth = join(folder, 'auth.json');
	if (existsSync(auth)) return {isThere: true, text: `${auth} is there`};
	const config = join(folder, 'config.toml');
	if (/^[ \t]{0,9}(?:model_provider|cli_auth_credentials_store)[ \t]{0,9}=/m.test(contentOf(config)))
		return {isThere: null, text: `${config} names a provider or a store of its own`};
	return {isThere: false, text: `no sign of a login: neither CODEX_API_KEY nor ${auth}`};
}

const geminiVariables = ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENAI_USE_VERTEXAI'];

function signOfGemini({env, cwd}: LoginPlace): LoginState {
	const variable = firstSet(env, geminiVariables);
	if (variable !== null) return variable;
	const home = env.GEMINI_CLI_HOME || homeOf(env);
	const folder = join(home, '.gemini');
	const dotenv = environmentFiles(cwd, home).find(path =>
		/^[ \t]{0,9}(?:export[ \t]{1,9})?(?:GEMINI_API_KEY|GOOGLE_API_KEY|GOOGLE_GENAI_USE_VERTEXAI)[ \t]{0,9}=[ \t]{0,9}\S/m.test(
			contentOf(path),
		),
	);
	if (dotenv !== undefined) return {isThere: null, text: `${dotenv} may give it a key`};
	const google = join(folder, 'oauth_creds.json');
	if (env.GOOGLE_GENAI_USE_GCA || existsSync(google)) return consumerLogin(google);
	const settings = join(folder, 'settings.json');
	const chosen = /"selectedType"[ \t]{0,9}:[ \t]{0,9}"([\w-]{1,40})"/.exec(contentOf(settings))?.[1];
	if (chosen !== undefined && chosen !== 'oauth-personal')
		return {isThere: null, text: `${settings} selects ${chosen}`};
	return {isThere: false, text: `no sign of a login: neither GEMINI_API_KEY nor ${google}`};
}

/** A Google account is a login for Code Assist Standard and Enterprise alone: consumers have been refused since June 2026. */
function consumerLogin(file: string): LoginState {
	const text = `a Google login (${file}) does not prove anything, because Gemini CLI has refused consumer accounts (free, Pro, Ultra) since June 2026`;
	return {isThere: null, text};
}

/** The files from which Gemini CLI reads its environment: those of the project and its parents, then the user's own. */
function environmentFiles(cwd: string, home: string): readonly string[] {
	const folders: string[] = [];
	for (let folder = cwd; !folders.includes(folder); folder = dirname(folder)) folders.push(folder);
	return [...folders, home].flatMap(folder => [join(folder, '.gemini', '.env'), join(folder, '.env')]);
}

function firstSet(env: NodeJS.ProcessEnv, names: readonly string[]): LoginState | null {
	const name = names.find(candidate => env[candidate]);
	return name === undefined ? null : {isThere: true, text: `${name} is set`};
}
