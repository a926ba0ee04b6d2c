import {dropMentions, hold, liftHold, releaseMentions} from '../bridge/holds.ts';
import {startRefilled} from '../bridge/leash.ts';
import {retrySpawn} from '../bridge/retry.ts';
import {UsageError} from '../errors.ts';
import {endElsewhere} from '../launcher/elsewhere.ts';
import {reconcile} from '../launcher/reconcile.ts';
import {startWaiting} from '../launcher/start.ts';
import {stopSpawns} from '../launcher/stop/stop.ts';
import {endStrays} from '../launcher/stop/strays.ts';
import type {Action, ResultOf, Results} from '../model/action.ts';
import {identityRule, isIdentity} from '../model/agent.ts';
import {faultOfLine, longestTopic} from '../model/line.ts';
import {mentionsIn} from '../model/mention.ts';
import {acknowledgeAlert} from '../store/alerts.ts';
import {createChannel} from '../store/channels.ts';
import {writing} from '../store/open.ts';
import {changeLimits} from '../store/settings.ts';
import {requireValid} from '../validate.ts';
import {limitChangesSchema} from '../workspace/config.ts';
import {limitsOf, requireConfig, type Workspace} from '../workspace/open.ts';
import {type Actor, actorOf, requirePermission} from './actor.ts';
import {post} from './post.ts';
import {prune} from './prune.ts';
import {register} from './register.ts';
import {speak} from './speak.ts';

/**
 * Does what an operator, or an agent inside its spawn, asked for: the one door through which keys, commands and the
 * demo's human change a store. Throws a UsageError when the actor may not do that.
 */
export async function perform<A extends Action>(workspace: Workspace, action: A): Promise<ResultOf<A>> {
	const actor = actorOf(workspace);
	requirePermission(actor, action);
	if (launches(action)) requireConfig(workspace);
	const result: Results[Action['type']] = await carryOut(workspace, action, actor);
	return result as ResultOf<A>;
}

/** True for an action that may launch agents: it is refused while the configuration cannot be used, and changes nothing. */
function launches(action: Action): boolean {
	if (action.type === 'post') return mentionsIn(action.text).length > 0;
	return action.type === 'lift' || action.type === 'release' || action.type === 'retry';
}

function carryOut(
	workspace: Workspace,
	action: Action,
	actor: Actor,
): Promise<Results[Action['type']]> | Results[Action['type']] {
	const by = actor.identity;
	switch (action.type) {
		case 'post':
			return workspace.inside === null
				? post(workspace, action, by)
				: speak(workspace.home, workspace.inside, action);
		case 'stop':
			return stopSpawns(workspace, action.target, by);
		case 'hold':
			hold(workspace, action.scope, by);
			return {scope: action.scope};
		case 'lift':
			return thenStart(workspace, {scope: action.scope, ...liftHold(workspace, action.scope, by)});
		case 'release':
			return thenStart(workspace, {mentions: releaseMentions(workspace, action.mentions, by)});
		case 'drop':
			return thenStart(workspace, {mentions: dropMentions(workspace, action.mentions, by)});
		case 'register':
			return register(workspace, action);
		case 'create-channel':
			return makeChannel(workspace, action);
		case 'clean-up':
			return cleanUp(workspace);
		case 'prune':
			return prune(workspace, action);
		case 'end-elsewhere':
			return thenStart(workspace, endElsewhere(workspace, action.spawn, by));
		case 'retry':
			return thenStart(workspace, retrySpawn(workspace, action.spawn));
		case 'set-limits':
			return setLimits(workspace, action, by);
		case 'acknowledge':
			return acknowledge(workspace, action, by);
	}
}

/** Starts what was released, and what may start now that a hold is gone. */
async function thenStart<R>(workspace: Workspace, result: R): Promise<R> {
	await startWaiting(workspace);
	return result;
}

function makeChannel(
	{store, newId, now}: Workspace,
	{name, topic}: Action & {type: 'create-channel'},
): Results['create-channel'] {
	if (!isIdentity(name)) {
		throw new UsageError(`"${name}" is not a channel name.`, `A name consists of ${identityRule}.`);
	}
	const fault = topic === null ? null : faultOfLine(topic, longestTopic);
	if (fault !== null) throw new UsageError(`The topic ${fault}.`, 'Say it in one short line.');
	if (!createChannel(store, name, topic, newId(), now())) {
		throw new UsageError(`There is already a channel "${name}".`);
	}
	return {name};
}

/** Starts what waits as well: there may be more slots now. */
function setLimits(
	workspace: Workspace,
	{limits}: Action & {type: 'set-limits'},
	by: string,
): Promise<Results['set-limits']> {
	const {store, now} = workspace;
	changeLimits(store, requireValid(limitChangesSchema, limits, 'limits'), by, now());
	startRefilled(workspace);
	return thenStart(workspace, {limits: limitsOf(workspace)});
}

/** Acknowledges alerts; those that are not open, or were acknowledged before, are passed over. */
function acknowledge(
	{store, now}: Workspace,
	{alerts}: Action & {type: 'acknowledge'},
	by: string,
): Results['acknowledge'] {
	return {alerts: writing(store, () => alerts.filter(id => acknowledgeAlert(store, id, by, now())))};
}

async function cleanUp(workspace: Workspace): Promise<Results['clean-up']> {
	return {mended: await reconcile(workspace, true), strays: await endStrays(workspace)};
}
