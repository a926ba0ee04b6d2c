import type {Command, Program} from '../cli/command.ts';
import {agents} from './agents.ts';
import {alerts} from './alerts.ts';
import {backup} from './backup.ts';
import {chain} from './chain.ts';
import {channels, createChannel} from './channels.ts';
import {cleanup} from './cleanup.ts';
import {completionCommand} from './completion.ts';
import {dashboard} from './dashboard.ts';
import {demo} from './demo.ts';
import {doctor} from './doctor.ts';
import {drop} from './drop.ts';
import {health} from './health.ts';
import {helpCommand} from './help.ts';
import {hold} from './hold.ts';
import {init} from './init.ts';
import {limits} from './limits.ts';
import {logs} from './logs.ts';
import {mentions} from './mentions.ts';
import {prune} from './prune.ts';
import {recv} from './recv.ts';
import {register} from './register.ts';
import {release} from './release.ts';
import {retry} from './retry.ts';
import {send} from './send.ts';
import {spawns} from './spawns.ts';
import {stop} from './stop.ts';
import {supervise} from './supervise.ts';

/** Every command that is named, in the order of the help. */
const commands: readonly Command[] = [
	demo,
	init,
	doctor,
	register,
	send,
	recv,
	channels,
	createChannel,
	mentions,
	agents,
	spawns,
	chain,
	logs,
	alerts,
	health,
	stop,
	retry,
	hold,
	release,
	drop,
	limits,
	cleanup,
	prune,
	backup,
	helpCommand(() => program),
	completionCommand(() => program),
	supervise,
];

/** The commands of `raid`. */
export const program: Program = {commands, defaultCommand: dashboard};
