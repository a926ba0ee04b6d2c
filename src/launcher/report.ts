const reported = new Set<string>();

/** Tells a failure that must not end the supervision of an agent, each once: what fails may be tried ten times a second. */
export function reportOnce(error: unknown): void {
	const text = String(error);
	if (!reported.has(text)) console.error(error);
	reported.add(text);
}
