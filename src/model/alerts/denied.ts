import {isAllowable} from '../agent.ts';
import {type Alert, episodesOf, type Help} from '../alert.ts';
import type {DeniedSpawn} from '../concern.ts';
import {type Denial, mergedDenials} from '../denial.ts';
import type {Instant} from '../time.ts';
import {type AlertParts, alertOf} from './parts.ts';

/** How often the same call is refused before it is an alert. */
const oftenFrom = 3;
/** How many different refusals are an alert together. */
const manyFrom = 5;

/** Agents whose CLI refuses them what they try again and again; over when a later spawn of theirs succeeds without it. */
export function deniedAlerts({concerns}: AlertParts): readonly Alert[] {
	const byAgent = Map.groupBy(concerns.denied, ({agent}) => agent);
	return [...byAgent.values()].flatMap(spawns => {
		const refusals = refusalsOf(spawns);
		const often = refusals.filter(({count}) => count >= oftenFrom);
		const others = refusals.filter(({count}) => count < oftenFrom);
		const isMany = others.reduce((sum, {count}) => sum + count, 0) >= manyFrom;
		return [
			...often.flatMap(refusal => alertsOf(`${refusal.agent} ${refusal.text}`, [refusal], concerns.recorded)),
			...(isMany ? alertsOf(`${spawns[0]?.agent} several`, others, concerns.recorded) : []),
		];
	});
}

/** A call that the CLI of an agent refuses, over all spawns since the last that succeeded without it. */
interface Refusal extends Denial {
	readonly agent: string;
	/** The spawns that were refused it, oldest first, one at least. */
	readonly spawns: readonly DeniedSpawn[];
}

function refusalsOf(spawns: readonly DeniedSpawn[]): readonly Refusal[] {
	const isRefused = ({denials}: DeniedSpawn, text: string) => denials.some(denial => denial.text === text);
	return mergedDenials(spawns.map(({denials}) => denials)).flatMap(({text}) => {
		const end = spawns.findLastIndex(spawn => spawn.hasSucceeded && !isRefused(spawn, text));
		const own = spawns.slice(end + 1).filter(spawn => isRefused(spawn, text));
		const [first] = own;
		if (first === undefined) return [];
		const count = own.reduce((sum, {denials}) => sum + countOf(denials, text), 0);
		return [{agent: first.agent, text, count, spawns: own}];
	});
}

function countOf(denials: readonly Denial[], text: string): number {
	return denials.find(denial => denial.text === text)?.count ?? 0;
}

/** The alert of one call, or of several that are refused less often. */
function alertsOf(
	subject: string,
	refusals: readonly Refusal[],
	recorded: AlertParts['concerns']['recorded'],
): readonly Alert[] {
	const spawns = new Map(refusals.flatMap(refusal => refusal.spawns.map(spawn => [spawn.spawnId, spawn])));
	const occasions = [...spawns.values()].toSorted((a, b) => a.at - b.at);
	return episodesOf('denied', subject, occasions, recorded).map(episode => {
		const shown = countedIn(refusals, episode.occasions);
		const last = episode.occasions.at(-1) as DeniedSpawn;
		return alertOf(episode, {
			kind: 'denied',
			severity: 'warning',
			subject,
			spawn: last.spawnId,
			channel: last.channel,
			text: `${last.agent} was refused ${describe(shown)}`,
			help: helpFor(last.agent, shown),
		});
	});
}

/** What was refused to these spawns alone. */
function countedIn(
	refusals: readonly Refusal[],
	occasions: readonly {readonly at: Instant; readonly denials: readonly Denial[]}[],
): readonly Denial[] {
	const known = new Set(refusals.map(({text}) => text));
	return mergedDenials(occasions.map(({denials}) => denials.filter(({text}) => known.has(text))));
}

const mostNamed = 2;
const longestCall = 80;

function describe(denials: readonly Denial[]): string {
	const [first] = denials;
	if (denials.length === 1 && first !== undefined) return `${shortened(first.text)} ${first.count}×`;
	const named = denials.slice(0, mostNamed).map(({text}) => shortened(text));
	const rest = denials.length - named.length;
	const sum = denials.reduce((total, {count}) => total + count, 0);
	return `${sum} calls: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function shortened(text: string): string {
	const line = text.replaceAll(/\s+/g, ' ');
	return line.length <= longestCall ? line : `${line.slice(0, longestCall - 1)}…`;
}

// The tools that run a command, of the CLIs that take `--allow`: Codex runs any command in its sandbox.
const shellCall = /^(?:Bash|run_shell_command)\((.*)\)$/;

/** Permits the command that is refused, where it is a plain one; else the operator decides how much the agent may do. */
function helpFor(agent: string, denials: readonly Denial[]): Help {
	const [only] = denials;
	const named = denials.length === 1 ? (shellCall.exec(only?.text ?? '')?.[1] ?? '') : '';
	// A `*` at the end would allow any arguments, which the agent did not ask for.
	const isPlain = isAllowable(named) && !named.endsWith('*');
	const change = isPlain ? `--allow '${named}'` : '--permissions LEVEL';
	return {command: `raid register ${agent} ${change}`, spawn: null, binding: null};
}
