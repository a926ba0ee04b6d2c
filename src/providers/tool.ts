// The arguments that say most about a call, best first, whatever the CLI and the tool.
const describingKeys = ['command', 'file_path', 'path', 'pattern', 'query', 'url', 'prompt', 'description'];
const longestCall = 400;

/** One line for a tool call: its name, and the argument that says most. */
export function describeCall(name: string, input: unknown): string {
	const argument = mainArgument(input);
	return argument === '' ? name : `${name}: ${argument.slice(0, longestCall)}`;
}

function mainArgument(input: unknown): string {
	if (typeof input !== 'object' || input === null) return '';
	const values = input as Readonly<Record<string, unknown>>;
	const key = describingKeys.find(known => typeof values[known] === 'string');
	if (key !== undefined) return String(values[key]);
	return Object.keys(values).length === 0 ? '' : JSON.stringify(values);
}

/** The id of a call, for an event; nothing when the CLI gave none. */
export function named(id: string | undefined): {readonly id?: string} {
	return id === undefined ? {} : {id};
}
