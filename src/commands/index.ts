import type {Command} from '../cli/command.ts';
import {agents} from './agents.ts';
import {chain} from './chain.ts';
import {channels} from './channels.ts';
import {cleanup} from './cleanup.ts';
import {dashboard} from './dashboard.ts';
import {demo} from './demo.ts';
import {doctor} from './doctor.ts';
import {drop} from './drop.ts';
import {health} from './health.ts';
import {hold} from './hold.ts';
import {init} from './init.ts';
import {logs} from './logs.ts';
import {mentions} from './mentions.ts';
import {recv} from './recv.ts';
import {register} from './register.ts';
import {release} from './release.ts';
import {send} from './send.ts';
import {spawns} from './spawns.ts';
import {stop} from './stop.ts';
import {supervise} from './supervise.ts';

/** What `raid` does when no command is named. */
export const defaultCommand: Command = dashboard;

/** Every command that is named, in the order of the help. */
export const commands: readonly Command[] = [
	demo,
	init,
	doctor,
	register,
	agents,
	channels,
	send,
	recv,
	spawns,
	chain,
	logs,
	health,
	stop,
	cleanup,
	mentions,
	hold,
	release,
	drop,
	supervise,
];
