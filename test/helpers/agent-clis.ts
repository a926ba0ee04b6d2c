import {execFileSync} from 'node:child_process';
import {accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, dirname, join} from 'node:path';

/** The agent CLIs that raid has adapters for. */
export const cliNames = ['claude', 'codex', 'gemini'] as const;
export type CliName = (typeof cliNames)[number];

/** A real agent CLI on this machine, or why it cannot be used. */
export type AgentCli =
	| {readonly path: string; readonly version: string}
	| {readonly path: null; readonly reason: string};

/** The three CLIs: from the npm folder that `RAID_CLIS` names, else from PATH. Runs each once for its version. */
export function findAgentClis(): Readonly<Record<CliName, AgentCli>> {
	const home = mkdtempSync(join(tmpdir(), 'raid-clis-'));
	try {
		const environment = scratchEnvironment(home, 'http://127.0.0.1:9');
		return {
			claude: findCli('claude', environment),
			codex: findCli('codex', environment),
			gemini: findCli('gemini', environment),
		};
	} finally {
		rmSync(home, {recursive: true, force: true});
	}
}

/**
 * An environment in which all three CLIs talk to the model at `url` only, with made-up keys, and keep what they
 * write below `home`; nothing else is inherited but PATH, with the CLIs first. Writes the settings they need there.
 */
export function scratchEnvironment(home: string, url: string): Record<string, string> {
	writeSettings(home, url);
	return {
		PATH: [...searchedFolders(), dirname(process.execPath), process.env.PATH].join(delimiter),
		HOME: home,
		LANG: 'C.UTF-8',
		NO_COLOR: '1',

		ANTHROPIC_BASE_URL: url,
		ANTHROPIC_API_KEY: 'sk-ant-made-up',
		CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
		DISABLE_AUTOUPDATER: '1',
		// Claude refuses --dangerously-skip-permissions to root elsewhere.
		...(process.getuid?.() === 0 ? {IS_SANDBOX: '1'} : {}),

		CODEX_HOME: join(home, '.codex'),
		CODEX_API_KEY: 'sk-made-up',

		GOOGLE_GEMINI_BASE_URL: url,
		GEMINI_API_KEY: 'made-up',
	};
}

function findCli(name: CliName, environment: Record<string, string>): AgentCli {
	const path = searchedFolders()
		.map(folder => join(folder, name))
		.find(isExecutable);
	if (path === undefined) return {path: null, reason: `no ${name} in ${searchedPlace()}`};
	try {
		const printed = execFileSync(path, ['--version'], {env: environment, encoding: 'utf8', stdio: 'pipe'});
		const version = /\d+\.\d+\.\d+\S*/.exec(printed)?.[0];
		return version === undefined ? {path: null, reason: `${name} printed no version`} : {path, version};
	} catch (error) {
		return {
			path: null,
			reason: `${name} --version failed: ${error instanceof Error ? error.message : error}`,
		};
	}
}

function searchedFolders(): readonly string[] {
	const folder = process.env.RAID_CLIS;
	if (folder !== undefined && folder !== '') return [join(folder, 'node_modules', '.bin')];
	return (process.env.PATH ?? '').split(delimiter).filter(entry => entry !== '');
}

function searchedPlace(): string {
	return process.env.RAID_CLIS ? 'the folder that RAID_CLIS names' : 'PATH';
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function writeSettings(home: string, url: string): void {
	const codex = join(home, '.codex');
	mkdirSync(codex, {recursive: true});
	writeFileSync(join(codex, 'config.toml'), `openai_base_url = "${url}/v1"\n`);

	const gemini = join(home, '.gemini');
	mkdirSync(gemini, {recursive: true});
	writeFileSync(join(gemini, 'settings.json'), JSON.stringify(geminiSettings, null, '\t'));
}

const geminiSettings = {
	// Without it a base URL of one's own is refused.
	security: {auth: {selectedType: 'gemini-api-key'}},
	general: {enableAutoUpdate: false, enableAutoUpdateNotification: false},
	privacy: {usageStatisticsEnabled: false},
};
