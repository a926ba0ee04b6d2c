// What tells most about a call, in this order, whatever the CLI and the tool.
const tellingKeys = ['command', 'file_path', 'path', 'pattern', 'query', 'url', 'prompt', 'description'];
const longestCall = 400;

/** One line for a call of a tool: its name, and the argument that tells most. */
export function describeCall(name: string, input: unknown): string {
	const argument = tellingArgument(input);
	return argument === '' ? name : `${name}: ${argument.slice(0, longestCall)}`;
}

function tellingArgument(input: unknown): string {
	if (typeof input !== 'object' || input === null) return '';
	const values = input as Readonly<Record<string, unknown>>;
	const key = tellingKeys.find(known => typeof values[known] === 'string');
	if (key !== undefined) return String(values[key]);
	return Object.keys(values).length === 0 ? '' : JSON.stringify(values);
}
